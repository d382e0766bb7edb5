import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { requirePrimary } from "../db/primary.ts";
import { errorReport } from "../output/error-report.ts";
import { count } from "../output/units.ts";
import { readViews, type Views } from "./read-views.ts";
import { refuseImpossible } from "./refresh/forced-way.ts";
import type { RefreshInput } from "./refresh/input.ts";
import { outcomeOf } from "./refresh/outcome.ts";
import { planRefreshes } from "./refresh/plan-refreshes.ts";
import { refreshOne, type RefreshWork } from "./refresh/refresh-one.ts";
import { RefreshQueue } from "./refresh/refresh-queue.ts";
import { reportRefreshes } from "./refresh/report.ts";
import { selectViews } from "./refresh/select-views.ts";
import type { RefreshResult } from "./results.ts";

type RefreshContext = Pick<Context, "output" | "signal" | "withDatabase">;

/**
 * Refreshes materialized views, each in a transaction of its own and after those that it needs. One that fails does not
 * stop the others. What ended the run before its end is in the result.
 */
export async function refreshViews(
  context: RefreshContext,
  input: RefreshInput & { readonly dryRun: boolean },
): Promise<RefreshResult> {
  return context.withDatabase(async (database) => {
    const found = await readViews(database, input.names);
    const { server, all, named } = found;
    requirePrimary({ database: server.database, standby: server.is_standby });
    requireConnections(found, input.jobs);
    await refuseImpossible(
      database,
      all.filter(({ view }) => named.has(view)),
      input.mode,
    );
    const selected = selectViews(found, input.stale);
    const result = { database: server.database, dryRun: input.dryRun };
    if (input.dryRun) {
      const planned = await planRefreshes(database, selected, input.mode);
      return { ...result, views: planned, stopped: null };
    }
    const queue = new RefreshQueue(selected);
    const jobs = Math.min(input.jobs, selected.length);
    const report = await reportRefreshes(context.output, jobs);
    const { mode, patience } = input;
    const { output } = context;
    const work = { output, report, mode, patience, serverVersion: server.server_version };
    await runJobs(context, { ...work, database }, { queue, jobs });
    return { ...result, views: queue.outcomes(), stopped: stoppedBy(queue.reason) };
  });
}

function requireConnections({ server }: Views, jobs: number): void {
  if (jobs <= server.connection_limit) return;
  throw new CliError("USAGE", {
    message: `--jobs ${jobs} is more than the ${count(server.connection_limit, "connection")} that user "${server.user}" can have here.`,
    hint: "The server's max_connections, and the limits of the database and of the role, leave no more. Two or three jobs are worth it.",
  });
}

/** The first job works in the session that there is, each other one in a session of its own. */
async function runJobs(
  { signal }: RefreshContext,
  work: RefreshWork,
  { queue, jobs }: { readonly queue: RefreshQueue; readonly jobs: number },
): Promise<void> {
  const other = async (): Promise<void> => {
    try {
      await work.database.beside(signal, async (database) => {
        if (await canWork(database, work)) await runJob({ ...work, database }, queue);
      });
    } catch (error) {
      queue.stop(error);
    }
  };
  await Promise.all([runJob(work, queue), ...Array.from({ length: jobs - 1 }, other)]);
}

/** With fewer sessions it takes longer, and is done all the same. */
async function canWork(database: Database, { output }: RefreshWork): Promise<boolean> {
  try {
    await database.query("select 1");
    return true;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "CONNECTION_FAILED") throw error;
    output.warn(`Goes on with fewer jobs: ${error.detail ?? error.message}`);
    return false;
  }
}

async function runJob(work: RefreshWork, queue: RefreshQueue): Promise<void> {
  for (let view = await queue.next(); view !== undefined; view = await queue.next()) {
    try {
      const outcome = await refreshOne(work, view);
      work.report.end(outcome);
      queue.settle(outcome);
    } catch (error) {
      queue.settle(outcomeOf(view, { outcome: "stopped" }));
      queue.stop(error);
      work.report.stop();
    }
  }
}

/** Returns what is known of an error that ended the session or the run; throws a bug. */
function stoppedBy(reason: unknown): RefreshResult["stopped"] {
  if (reason === undefined) return null;
  if (!(reason instanceof CliError)) throw reason;
  return {
    ...errorReport(reason),
    hint: "Run the command again: what is up to date by then is skipped.",
  };
}
