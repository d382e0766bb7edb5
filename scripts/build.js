// Compiles src/ to dist/ and removes from dist/ what has no source any more.
import "./require-node.js";
import { existsSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/root.js";
import { run } from "./lib/run.js";

const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const { exitCode } = await run(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
  show: true,
});
const dist = join(root, "dist");
const record = join(dist, ".tsbuildinfo");
if (exitCode !== 0) {
  rmSync(record, { force: true });
  process.exit(exitCode);
}

const built = readdirSync(dist, { recursive: true, encoding: "utf8" });
for (const path of built.filter((each) => each.endsWith(".js"))) {
  const source = join(root, "src", path.replace(/\.js$/, ".ts"));
  if (!existsSync(source)) rmSync(join(dist, path));
}

// The compiler leaves the file alone when nothing has changed, and its age tells whether a build is due.
const now = new Date();
utimesSync(record, now, now);
