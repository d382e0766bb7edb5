// What Dockerfile, .dockerignore and compose.yaml name must be there, and as docs/containers.md says.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/core/package-root.ts";
import { readSettings } from "../../src/schedule/settings.ts";
import { textOf } from "../architecture/files.ts";

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly user?: string;
}

interface Compose {
  readonly services: Readonly<Record<"postgres" | "migrate" | "scheduler", Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(textOf("compose.yaml"), { merge: true }) as Compose;
const { postgres, migrate, scheduler } = compose.services;

/** The instructions of the image that is kept, each with its arguments; a line that goes on is one. */
const instructions = textOf("Dockerfile")
  .replaceAll("\\\n", " ")
  .split("\n")
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => line.split(/\s+(.*)/s, 2) as [name: string, rest: string]);

function argumentsOf(name: string): string[] {
  return instructions.filter(([each]) => each === name).map(([, rest]) => rest);
}

test("the image copies what is there, and .dockerignore lets it through", () => {
  const allowed = textOf(".dockerignore").split("\n");
  const sources = argumentsOf("COPY")
    .filter((rest) => !rest.startsWith("--from"))
    .flatMap((rest) => rest.split(" ").slice(0, -1));
  expect(sources).toContain("sql");
  for (const source of sources) {
    expect(existsSync(join(packageRoot, source)), source).toBe(true);
    expect(allowed).toContain(`!${source}`);
  }
  // Nothing else of a clone gets into the image, secrets/ least of all.
  expect(allowed).toContain("*");
  expect(allowed.filter((line) => line.startsWith("!"))).toHaveLength(new Set(sources).size);
});

test("the image does not run as root, nor through a shell", () => {
  expect(argumentsOf("USER")).toEqual(["node"]);
  const { bin } = JSON.parse(textOf("package.json")) as { bin: Record<string, string> };
  const [program = ""] = Object.keys(bin);
  expect(JSON.parse(argumentsOf("ENTRYPOINT")[0] ?? "")).toEqual([program]);
  expect(JSON.parse(argumentsOf("CMD")[0] ?? "")).toEqual(["schedule", "run"]);
  expect(argumentsOf("RUN")).toContain(`ln -s /app/${bin[program]} /usr/local/bin/${program}`);
});

test("the health check asks the port on which the scheduler listens", () => {
  const { port } = readSettings({}).http;
  const [check = ""] = argumentsOf("HEALTHCHECK");
  const command = JSON.parse(/CMD (.*)$/.exec(check)?.[1] ?? "") as string[];
  expect(command.slice(0, 2)).toEqual(["node", "-e"]);
  expect(command[2]).toContain(`http://127.0.0.1:${port}/healthz`);
});

test("PostgreSQL loads pg_stat_statements, is tuned, and keeps its data in a volume", () => {
  expect(postgres.command).toEqual([
    "postgres",
    "-cshared_preload_libraries=pg_stat_statements",
    "-ctrack_activity_query_size=2048",
    "-cshared_buffers=256MB",
    "-ceffective_cache_size=1GB",
    "-cwork_mem=4MB",
    "-cmaintenance_work_mem=64MB",
    "-crandom_page_cost=1.1",
    "-ceffective_io_concurrency=200",
    "-cmax_parallel_workers_per_gather=2",
  ]);
  expect(postgres.image).toBe("postgres:15-alpine");
  expect(postgres.volumes).toEqual(["postgres_data:/var/lib/postgresql/data"]);
  expect(Object.keys(compose.volumes)).toEqual(["postgres_data"]);
  const { POSTGRES_USER, POSTGRES_DB } = postgres.environment;
  expect(postgres.healthcheck?.test).toContain(`--username=${POSTGRES_USER}`);
  expect(textOf("docs/containers.md")).toContain(
    `postgres://${POSTGRES_USER}:$(cat secrets/postgres_password)@postgres/${POSTGRES_DB}"`,
  );
});

test("the tool begins when the server answers, and the scheduler when all is migrated", () => {
  expect(migrate.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
  expect(migrate.command).toEqual(["migrate"]);
  expect(scheduler.depends_on).toEqual({
    migrate: { condition: "service_completed_successfully" },
  });
  // The command, the user and the health check are those of the image.
  for (const service of [migrate, scheduler])
    expect(service).toMatchObject({ build: ".", read_only: true, cap_drop: ["ALL"] });
  expect(scheduler).not.toHaveProperty("command");
  expect(scheduler).not.toHaveProperty("user");
});

test("passwords are in files, which neither git nor the image gets", () => {
  for (const { environment, secrets } of Object.values(compose.services)) {
    const files = Object.entries(environment).filter(([, value]) => value.startsWith("/run/"));
    expect(files.map(([, value]) => value)).toEqual(secrets.map((name) => `/run/secrets/${name}`));
    expect(files.every(([name]) => name.endsWith("_FILE"))).toBe(true);
    for (const name of Object.keys(environment))
      expect(name).not.toMatch(/PASSWORD$|^DATABASE_URL$/);
  }
  expect(Object.keys(compose.secrets).toSorted()).toEqual(["database_url", "postgres_password"]);
  for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
  expect(textOf(".gitignore").split("\n")).toContain("/secrets/");
});
