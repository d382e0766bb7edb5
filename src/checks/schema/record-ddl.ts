import type { Context } from "../../context.ts";
import { CliError } from "../../core/errors.ts";
import { explainMissingEngine } from "../../db/engine-missing.ts";
import { requirePrimary } from "../../db/primary.ts";
import { ServerError } from "../../db/server-error.ts";
import { facts } from "./queries.ts";
import type { DdlRecordingResult } from "./results.ts";

/** Turns the recording of who changes the schema on or off; throws SERVER_REFUSED for who is no superuser. */
export async function recordDdl(
  { withDatabase }: Pick<Context, "withDatabase">,
  wanted: boolean,
): Promise<DdlRecordingResult> {
  return withDatabase(async (database) => {
    const [server] = await facts(database);
    if (server === undefined) throw new Error("The query for the server returned no row.");
    requirePrimary({ database: server.database, standby: server.is_standby });
    const changed = server.records_ddl !== wanted;
    if (changed) {
      await database.query(`select public.set_ddl_recording(${wanted})`).catch((error: unknown) => {
        throw explain(error, wanted, server.database);
      });
    }
    return { database: server.database, isRecorded: wanted, changed };
  });
}

function explain(error: unknown, wanted: boolean, database: string): unknown {
  if (!(error instanceof ServerError) || error.sqlState !== "42501")
    return explainMissingEngine(error);
  return new CliError("SERVER_REFUSED", {
    message: `Only a superuser may turn the recording of schema changes ${wanted ? "on" : "off"}.`,
    detail: error.message,
    hint: `Let a superuser run in database "${database}": SELECT public.set_ddl_recording(${wanted});`,
    sqlState: error.sqlState,
    cause: error,
  });
}
