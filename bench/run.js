// Runs a benchmark by name: npm run bench -- NAME. Each compares with a floor or a peer in the same run.
const benchmarks = {
  migrate: () => import("./migrate.js"),
  database: () => import("./database.js"),
  partitions: () => import("./partitions.js"),
  views: () => import("./views.js"),
  "slow-queries": () => import("./slow-queries.js"),
  lint: () => import("./lint.js"),
};

const name = process.argv[2] ?? "";
if (!Object.hasOwn(benchmarks, name)) {
  console.error(
    `Usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(", ")}`,
  );
  process.exit(2);
}
const { default: benchmark } = await benchmarks[name]();
await benchmark();
