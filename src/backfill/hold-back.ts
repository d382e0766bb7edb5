import { setTimeout as sleep } from "node:timers/promises";
import { count, formatDuration, formatNumber } from "../output/units.ts";
import { backfillPressure } from "./queries.ts";
import type { Pressure } from "./rows.ts";
import type { Work } from "./backfill-work.ts";

/** Waits before each batch until the server can take it. */
export interface Restraint {
  /** How long it has waited, in milliseconds. */
  readonly waited: number;
  /** What it saw last. */
  readonly pressure: Pressure;
  wait(tell: (why: string) => void): Promise<void>;
}

/** Makes one, which warns once of what a user should know. */
export function restrain({ database, output, signal, input, table }: Work): Restraint {
  let waited = 0;
  let pressure: Pressure = { lag: 0, hidden: 0, waiting: 0, dead_rows: 0, live_rows: 0 };
  const told = new Set<string>();
  const warnOnce = (kind: string, text: string | undefined): void => {
    if (text === undefined || told.has(kind)) return;
    told.add(kind);
    output.warn(text);
  };
  return {
    get waited() {
      return waited;
    },
    get pressure() {
      return pressure;
    },
    async wait(tell) {
      for (let pauses = 0; !signal.aborted; pauses += 1) {
        pressure = (await backfillPressure(database, { relation: table.name }))[0] ?? pressure;
        warnOnce("hidden", hiddenLag(pressure));
        warnOnce("dead", deadRows(pressure, table.name));
        const reason = reasonToWait(pressure, input);
        if (reason === undefined) return;
        if (pauses === 0) output.note(`Pausing: ${reason}.`);
        tell(`pausing, ${reason}`);
        const began = performance.now();
        await sleep(interval, undefined, { signal }).catch(() => {});
        waited += performance.now() - began;
      }
    },
  };
}

/** How often a pause looks whether it may end, in milliseconds. */
const interval = 500;

/** Returns why the next batch has to wait, as the end of a sentence. */
export function reasonToWait(
  { lag, waiting }: Pick<Pressure, "lag" | "waiting">,
  { maxLag, maxWaiting }: { readonly maxLag: number; readonly maxWaiting: number },
): string | undefined {
  if (maxLag > 0 && lag > maxLag) {
    return `replication is ${formatDuration(lag)} behind, and --max-lag is ${formatDuration(maxLag)}`;
  }
  if (waiting > maxWaiting) {
    return `${count(waiting, "session")} of this database ${waiting === 1 ? "waits" : "wait"} for locks, and --max-waiting is ${maxWaiting}`;
  }
  return undefined;
}

function hiddenLag({ hidden }: Pressure): string | undefined {
  if (hidden === 0) return undefined;
  return (
    `${count(hidden, "server")} replicate from here, and your user may not see how far behind they are: --max-lag has no ` +
    "effect. Let a superuser grant it: grant pg_monitor to USER"
  );
}

/** Below this number of dead rows autovacuum has no reason to begin, and a reader does not notice them. */
const fewDeadRows = 10_000;

function deadRows(
  { dead_rows: dead, live_rows: live }: Pressure,
  table: string,
): string | undefined {
  if (dead < fewDeadRows || live === 0 || dead < live * 0.3) return undefined;
  return (
    `Table "${table}" has about ${formatNumber(dead)} dead rows beside ${formatNumber(live)} live ones. Autovacuum is ` +
    "not keeping up: VACUUM the table meanwhile, from another session, or give it time with --pause."
  );
}
