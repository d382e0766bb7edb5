import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { requirePrimary } from "../db/primary.ts";
import { ServerError } from "../db/server-error.ts";
import { readViews } from "./read-views.ts";
import type { RecordingResult } from "./results.ts";

/** Turns the recording of everybody's refreshes on or off; throws SERVER_REFUSED for who is no superuser. */
export async function recordRefreshes(
  { withDatabase }: Pick<Context, "withDatabase">,
  wanted: boolean,
): Promise<RecordingResult> {
  return withDatabase(async (database) => {
    const { server } = await readViews(database, []);
    requirePrimary({ database: server.database, standby: server.is_standby });
    const changed = server.records_all !== wanted;
    if (changed) {
      await database
        .query(`select public.set_refresh_recording(${wanted})`)
        .catch((error: unknown) => {
          throw explain(error, wanted, server.database);
        });
    }
    return { database: server.database, recordsAll: wanted, changed };
  });
}

function explain(error: unknown, wanted: boolean, database: string): unknown {
  if (!(error instanceof ServerError) || error.sqlState !== "42501") return error;
  return new CliError("SERVER_REFUSED", {
    message: `Only a superuser may turn the recording of refreshes ${wanted ? "on" : "off"}.`,
    detail: error.message,
    hint: `Let a superuser run in database "${database}": SELECT public.set_refresh_recording(${wanted});`,
    sqlState: error.sqlState,
    cause: error,
  });
}
