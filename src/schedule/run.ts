import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { refuseTransactionPooler } from "../db/pooler.ts";
import { count } from "../output/units.ts";
import { serveHttp } from "./http.ts";
import { lead, type Leading } from "./lead.ts";
import { logTo } from "./log.ts";
import { Notifier } from "./notify/notifier.ts";
import type { NotifySettings } from "./notify/settings.ts";
import { tryLead } from "./queries.ts";
import type { Lead } from "./rows.ts";
import type { ScheduleSettings } from "./settings.ts";
import { SchedulerState } from "./state.ts";

/** How often a scheduler that stands by asks for the lead, in milliseconds; and the pauses between attempts to connect. */
const interval = 1000;
const firstPause = 500;
const longestPause = 5000;

/** How often the leader looks for what could not be told, or is to be told again, in milliseconds. */
const tellEvery = 60_000;

/** Runs the jobs at their times until the process is told to end; or stands by while another process does. */
export async function runSchedule(
  context: Context,
  settings: ScheduleSettings,
  notify: NotifySettings | undefined,
): Promise<void> {
  const { output, signal: stop } = context;
  const log = logTo(output);
  const state = new SchedulerState();
  const maintenance = await context.loadMaintenance();
  const work: Leading = {
    jobs: settings.jobs,
    tools: { maintenance, settings: settings.settings },
    output,
    stop,
    log,
    beaten: () => {
      state.answered();
    },
    ended: (job) => {
      state.ended(job);
    },
  };
  const times = settings.jobs.map(({ name, schedule }) => `${name} "${schedule}"`).join(", ");
  log({ event: "started", message: `${count(settings.jobs.length, "job")}: ${times}.` });
  stop.addEventListener("abort", () => {
    log({ event: "stopping", message: "Finishes the step in hand, and ends." });
  });
  const endHttp = serveHttp(settings.http, { context, maintenance, state, log });
  const endNotifying = notifyOf(state, new Notifier({ context, settings: notify, log }));
  try {
    await connectAgain(context, { work, state });
  } finally {
    endHttp();
    await endNotifying();
  }
  log({ event: "stopped", message: "Stopped." });
}

/** Looks for what is to be told after each job, and now and then. Returns what ends it. */
function notifyOf(state: SchedulerState, notifier: Notifier): () => Promise<void> {
  state.onEnded(() => {
    notifier.look();
  });
  const timer = setInterval(() => {
    if (state.role === "leader") notifier.look();
  }, tellEvery);
  return async () => {
    clearInterval(timer);
    await notifier.end();
  };
}

interface Scheduler {
  readonly work: Leading;
  readonly state: SchedulerState;
}

/** Opens a session whenever there is none, with pauses that double. */
async function connectAgain(context: Context, { work, state }: Scheduler): Promise<void> {
  let pause = firstPause;
  while (!work.stop.aborted) {
    try {
      await context.withDatabase(async (database) =>
        attend(database, { work, state }, () => (pause = firstPause)),
      );
    } catch (error) {
      state.disconnected();
      if (work.stop.aborted) return;
      if (!isPassing(error)) throw error;
      const { message, detail = "" } = error;
      const again = `Tries again in ${pause} ms.`;
      work.log({
        event: error.code === "CONNECTION_LOST" ? "lead lost" : "connection failed",
        level: "error",
        message: [message, detail, again].filter(Boolean).join(" "),
      });
      await sleep(pause, undefined, { signal: work.stop }).catch(() => {});
      pause = Math.min(longestPause, pause * 2);
    }
  }
}

/** What may be over in a moment: the server is away, a table is locked, another one leads by now. */
const passing: ReadonlySet<string> = new Set([
  "CONNECTION_FAILED",
  "CONNECTION_LOST",
  "LOCK_TIMEOUT",
  "SERVER_REFUSED",
]);

/** SQLSTATE insufficient_privilege stays until somebody grants it. */
function isPassing(error: unknown): error is CliError {
  return error instanceof CliError && passing.has(error.code) && error.sqlState !== "42501";
}

/** Asks for the lead again and again, and leads when it has it. */
async function attend(
  database: Database,
  { work, state }: Scheduler,
  connected: () => void,
): Promise<void> {
  let told = false;
  while (!work.stop.aborted) {
    const found = await askForLead(database);
    if (!told) await refuseTransactionPooler(database, found.process_id);
    connected();
    state.attends(found);
    if (found.leads) {
      work.log({ event: "leading", message: `Leads in database "${found.database}".` });
      return lead(database, found, work);
    }
    if (!told) work.log({ event: "standing by", message: reasonToWait(found) });
    told = true;
    await sleep(interval, undefined, { signal: work.stop }).catch(() => {});
  }
}

async function askForLead(database: Database): Promise<Lead> {
  const [found] = await tryLead(database).catch((error: unknown) => {
    throw explainMissingEngine(error);
  });
  if (found === undefined) throw new Error("The query for the lead returned no row.");
  return found;
}

function reasonToWait({
  database,
  is_standby: isStandby,
  leader_process_id: leader,
}: Lead): string {
  if (isStandby)
    return `The server of database "${database}" is a standby; waits for its promotion.`;
  const who = leader === null ? "Another scheduler" : `The scheduler of process ${leader}`;
  return `${who} leads in database "${database}"; takes over when it is gone.`;
}
