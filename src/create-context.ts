import { homedir, userInfo } from "node:os";
import type { ConfigInputs } from "./config/inputs.ts";
import { loadConfig, loadTargets } from "./config/load.ts";
import type { ServerConnection } from "./config/schema.ts";
import type { Context, GlobalOptions } from "./context.ts";
import { CliError } from "./core/errors.ts";
import type { Database } from "./db/database.ts";
import { ServerError } from "./db/server-error.ts";
import { withSession } from "./db/session.ts";
import { createOutput } from "./output/create-output.ts";
import type { TextStream } from "./output/text-stream.ts";
import { targetOutput } from "./output/target-output.ts";

/** What a run may use of its process. */
export interface ProcessAccess {
  readonly stdin: () => NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted when the user interrupts the run. */
  readonly signal: AbortSignal;
}

/** Makes what a command is given, from its options and the process. */
export async function createContext(
  process: ProcessAccess,
  options: GlobalOptions,
): Promise<Context> {
  const output = await createOutput({ ...process, json: isJson(options) });
  const inputs = {
    flags: options,
    env: process.env,
    cwd: process.cwd,
    home: homedir(),
    user: userInfo().username,
  };
  const { config, warnings } = await loadConfig(inputs);
  for (const warning of warnings) output.warn(warning);
  return contextOf({ config, output, signal: process.signal }, inputs);
}

function isJson({ json, format = json === true ? "json" : undefined }: GlobalOptions): boolean {
  if (json === true && format !== "json") {
    throw new CliError("USAGE", {
      message: `--json and --format ${format} contradict each other.`,
      hint: "--json is short for --format json; leave one of the two out.",
    });
  }
  return format === "json";
}

type ContextParts = Pick<Context, "config" | "output" | "signal">;

function contextOf(parts: ContextParts, inputs: ConfigInputs): Context {
  const { output, config } = parts;
  // Who works on several databases of it is told once.
  let isTold = config.connection.kind === "server" || config.connection.database !== undefined;
  const context: Context = {
    ...parts,
    withDatabase: async (run) => {
      if (!isTold)
        output.note("Using the embedded server, because no other database is configured.");
      isTold = true;
      return withDatabase(parts, run);
    },
    createPartitions: async (database) => {
      const { createWanted } = await import("./partitions/create.ts");
      return createWanted(parts, database);
    },
    engineHash: async () => {
      const { loadEngine } = await import("./migrations/ledger/engine.ts");
      return loadEngine().hash;
    },
    findProblems: async (database, checks) => {
      const { findProblems } = await import("./health/health.ts");
      return findProblems(database, checks);
    },
    withScratchServer: async (options, run) => {
      const { withScratchServer } = await import("./scratch-server.ts");
      return withScratchServer(parts, options, run);
    },
    loadMaintenance: async () => {
      const { maintenanceOf } = await import("./maintenance.ts");
      return maintenanceOf(context);
    },
    forTargets: async (given) => {
      const { targets, warnings } = await loadTargets(given, inputs);
      for (const warning of warnings) output.warn(warning);
      return targets.map((target) => {
        const own = { ...parts, config: target.config, output: targetOutput(output, target.name) };
        return { name: target.name, context: contextOf(own, inputs) };
      });
    },
  };
  return context;
}

/** Opens the configured database; with none configured, the embedded server, which it starts and stops as needed. */
async function withDatabase<Result>(
  { config: { connection, project }, output, signal }: ContextParts,
  run: (database: Database) => Promise<Result>,
): Promise<Result> {
  const use = async (opened: ServerConnection): Promise<Result> =>
    withSession(opened, { signal }, run);
  try {
    if (connection.kind === "server") return await use(connection);
    const { withEmbeddedServer } = await import("./server/server.ts");
    const { database } = connection;
    return await withEmbeddedServer(
      project,
      async (opened) => use(database === undefined ? opened : { ...opened, database }),
      { tell: output.note },
    );
  } catch (error) {
    throw refusedByServer(error);
  }
}

/** An error of the server that no command has explained is still the server's, and no bug of ours. */
function refusedByServer(error: unknown): unknown {
  if (!(error instanceof ServerError)) return error;
  if (error.sqlState === "55P03") return lockedTables(error);
  return new CliError("SERVER_REFUSED", {
    message: `The server refused: ${error.message}.`,
    detail: error.detail,
    hint:
      error.hint ??
      "Connect as the owner of these objects, or let the owner grant what is missing.",
    sqlState: error.sqlState,
    cause: error,
  });
}

/** What the tool reads is locked by a session that is no run of the tool. */
function lockedTables(error: ServerError): CliError {
  return new CliError("LOCK_TIMEOUT", {
    message: "A table that the command reads is locked by another session.",
    detail: error.message,
    hint: "End that session or wait for it, and run the command again; pg_locks shows it. Nothing was changed.",
    sqlState: error.sqlState,
    cause: error,
  });
}
