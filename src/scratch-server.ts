import type { ServerConnection } from "./config/schema.ts";
import type {
  Context,
  ScratchDatabase,
  ScratchOptions,
  ScratchServer,
  TriedStatement,
} from "./context.ts";
import { quoteIdentifier } from "./core/identifiers.ts";
import type { Database } from "./db/database.ts";
import { runScript } from "./db/run-script.ts";
import { withSession } from "./db/session.ts";
import { installEngine } from "./migrations/ledger/engine.ts";
import { migrate } from "./migrations/migrate.ts";
import { rollback } from "./migrations/rollback.ts";
import type { MigrateResult } from "./migrations/results.ts";
import { defaultRunOptions } from "./migrations/run/run-options.ts";
import { silentOutput } from "./output/silent-output.ts";
import { createWanted } from "./partitions/create.ts";
import { readProject, type Project } from "./project/project.ts";
import { withThrowawayServer } from "./server/throwaway.ts";

type Source = Pick<Context, "config" | "output" | "signal">;

/** The name of the database that the embedded server has too: migrations may name it. */
const databaseName = "doramaflix";

/** Starts a server and gives it to `run`; see Context. */
export async function withScratchServer<Result>(
  source: Source,
  { postgres, setup }: ScratchOptions,
  run: (server: ScratchServer) => Promise<Result>,
): Promise<Result> {
  const { config, output, signal } = source;
  const project = readProject(config.project);
  const options = { major: postgres, tell: output.note, signal };
  return withThrowawayServer(config.project, options, async ({ connection, version }) =>
    withSession(connection, { signal }, async (maintenance) => {
      const first = await rolesOf(maintenance);
      const [major = 0, minor = 0] = version.split(".").map(Number);
      const serverVersion = major * 10_000 + minor;
      return run({
        version,
        withDatabase: async (use) => {
          await recreate(maintenance, first);
          const own: ServerConnection = { ...connection, database: databaseName };
          return withSession(own, { signal }, async (database) => {
            if (setup !== undefined) await runScript(database, setup, setupFailure);
            await installEngine(database);
            return use({ ...scratchDatabase(source, database, project), serverVersion });
          });
        },
      });
    }),
  );
}

const setupFailure = {
  code: "SETUP_FAILED",
  message: "What is to be there before the migrations could not be made.",
  hint: "The file of --setup runs on an empty database, as a superuser, and makes what the migrations take for granted: roles, extensions.",
} as const;

async function rolesOf(database: Database): Promise<string[]> {
  const rows = (await database.query("select rolname as name from pg_catalog.pg_roles")) as {
    name: string;
  }[];
  return rows.map(({ name }) => name);
}

/** Replaces the database by an empty one, and drops the roles that were not there at first. */
async function recreate(maintenance: Database, first: readonly string[]): Promise<void> {
  await maintenance.query(`drop database if exists ${databaseName} with (force)`);
  const made = (await rolesOf(maintenance)).filter((name) => !first.includes(name));
  if (made.length > 0) await maintenance.query(`drop role ${made.map(quoteIdentifier).join(", ")}`);
  await maintenance.query(`create database ${databaseName}`);
}

function scratchDatabase(
  { config, signal }: Source,
  database: Database,
  project: Project,
): Omit<ScratchDatabase, "serverVersion"> {
  const context: Pick<
    Context,
    "config" | "output" | "signal" | "withDatabase" | "createPartitions"
  > = {
    config: { ...config, expected: { database: undefined, environment: undefined } },
    output: silentOutput,
    signal,
    withDatabase: async (use) => use(database),
    createPartitions: async () => ({ created: [], failed: [] }),
  };
  // Functions and views come at the end, with all migrations.
  const migrations = { ...project, functions: [], views: [] };
  const common = { outOfOrder: "forbid", options: defaultRunOptions } as const;
  return {
    database,
    attempt: async (version) => {
      const trial = { ...common, to: version, dryRun: true, execute: true, project: migrations };
      return triedStatements(await migrate(context, trial));
    },
    apply: async (version) => {
      await migrate(context, { ...common, to: version, dryRun: false, project: migrations });
    },
    rollBack: async () => {
      const target = { steps: 1 };
      await rollback(context, { target, dryRun: false, options: defaultRunOptions, project });
    },
    complete: async () => {
      const all = { ...common, to: undefined, dryRun: false, project };
      await migrate({ ...context, createPartitions: createWantedIn(signal) }, all);
    },
  };
}

function createWantedIn(signal: AbortSignal): Context["createPartitions"] {
  return async (database) => createWanted({ output: silentOutput, signal }, database);
}

/** Puts together what was foreseen for each statement, and what it did. */
function triedStatements({ plan, execution }: MigrateResult): readonly TriedStatement[] | null {
  if (execution === null || execution.notExecuted.length > 0) return null;
  const planned = plan?.migrations.flatMap(({ statements }) => statements) ?? [];
  return execution.statements.map(({ duration, locks, rewritten }, place) => {
    const { line = 1, text = "", relations = [] } = planned[place] ?? {};
    return {
      line,
      text,
      duration,
      locks,
      rewritten,
      foreseen: relations.map(({ name, lock, work }) => ({
        relation: name,
        lock,
        rewrites: work.some(({ kind }) => kind === "rewrite" || kind === "truncation"),
      })),
    };
  });
}
