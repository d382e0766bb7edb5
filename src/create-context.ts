import { homedir, userInfo } from "node:os";
import { loadConfig } from "./config/load.ts";
import type { Config, ServerConnection } from "./config/schema.ts";
import type { Context, GlobalOptions } from "./context.ts";
import { CliError } from "./core/errors.ts";
import type { Database } from "./db/database.ts";
import { ServerError } from "./db/server-error.ts";
import { withSession } from "./db/session.ts";
import { createOutput, type TextStream } from "./output/create-output.ts";
import type { Output } from "./output/output.ts";

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
  const output = await createOutput({ ...process, json: options.json ?? false });
  const { config, warnings } = await loadConfig({
    flags: options,
    env: process.env,
    cwd: process.cwd,
    home: homedir(),
    user: userInfo().username,
  });
  for (const warning of warnings) output.warn(warning);
  const { signal } = process;
  return {
    config,
    output,
    signal,
    withDatabase: async (run) => withDatabase({ config, output, signal }, run),
  };
}

/** Opens the configured database; with none configured, the embedded server, which it starts and stops as needed. */
async function withDatabase<Result>(
  {
    config,
    output,
    signal,
  }: { readonly config: Config; readonly output: Output; readonly signal: AbortSignal },
  run: (database: Database) => Promise<Result>,
): Promise<Result> {
  const use = async (connection: ServerConnection): Promise<Result> =>
    withSession(connection, { signal }, run);
  try {
    if (config.connection.kind === "server") return await use(config.connection);
    const { withEmbeddedServer } = await import("./server/server.ts");
    output.note("Using the embedded server, because no other database is configured.");
    return await withEmbeddedServer(config.project, use, { tell: output.note });
  } catch (error) {
    throw refusedByServer(error);
  }
}

/** An error of the server that no command has explained is still the server's, and no bug of ours. */
function refusedByServer(error: unknown): unknown {
  if (!(error instanceof ServerError)) return error;
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
