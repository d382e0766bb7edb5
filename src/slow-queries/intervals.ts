import type { Database } from "../db/database.ts";
import { intervals } from "./queries.ts";
import type { Interval } from "./results.ts";
import type { Server } from "./rows.ts";

/** Of which statements; all where there is no number. */
interface Choice {
  readonly queryId?: string | undefined;
  /** The number of the snapshot from which on. */
  readonly since?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/** Reads what was counted from snapshot to snapshot; nothing where there are none, or those of another server. */
export async function readIntervals(
  database: Database,
  server: Server,
  choice: Choice,
): Promise<Interval[]> {
  if (!server.reads_snapshots || server.is_standby) return [];
  const rows = await intervals(database, choice);
  return rows.map(({ from, to, calls, exec_time: execTime, was_reset: wasReset }) => ({
    from: from.toISOString(),
    to: to.toISOString(),
    calls,
    execTime,
    mean: calls > 0 ? execTime / calls : 0,
    wasReset,
  }));
}
