import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { formatMoment } from "../output/units.ts";
import { compareServers, difference } from "./difference.ts";
import { wantedAt, type Moment } from "./moment.ts";
import type { Reading, Window } from "./reading.ts";
import type { Server } from "./rows.ts";
import { readSnapshot, type StoredReading } from "./stored.ts";

/**
 * Returns what was counted since the last snapshot that had been taken by a moment. Throws SNAPSHOT_MISSING, and
 * SERVER_CHANGED where the snapshots are of another server.
 */
export async function windowSince(
  database: Database,
  server: Server,
  { moment, now }: { readonly moment: Moment; readonly now: Reading },
): Promise<Window> {
  refuseStandby(server);
  const option = "--since";
  const wanted = wantedAt(moment, now.takenAt);
  if ("at" in wanted && wanted.at > now.takenAt) throw inFuture(option, wanted.at);
  const before = await readSnapshot(database, server, { option, wanted });
  return between(before, now, "at" in wanted ? wanted.at : null);
}

/** A window of the past, and what the server was then. */
export interface EarlierWindow {
  readonly window: Window;
  /** As in the setting server_version_num. */
  readonly serverVersion: number;
}

/**
 * Returns a window between two snapshots that is as long as a given one, or as long as there are snapshots, and ends at a
 * moment. Throws as above.
 */
export async function earlierWindow(
  database: Database,
  server: Server,
  { moment, later }: { readonly moment: Moment; readonly later: Window },
): Promise<EarlierWindow> {
  const option = "--compare";
  const start = later.snapshot?.takenAt ?? later.from ?? later.to;
  const length = Date.parse(later.to) - Date.parse(start);
  const end = await readSnapshot(database, server, { option, wanted: wantedAt(moment, later.to) });
  if (end.takenAt > start) throw overlapping(end, start);
  const at = new Date(Date.parse(end.takenAt) - length).toISOString();
  const begin = await readSnapshot(database, server, { option, wanted: { at, orOldest: true } });
  if (begin.id === end.id) throw nothingBefore(end);
  return { window: between(begin, end, at), serverVersion: end.serverVersion };
}

function between(before: StoredReading, after: Reading, at: string | null): Window {
  if (compareServers(before.server, after.server) === "other") throw otherServer(before);
  const { id, takenAt } = before;
  return {
    ...difference(before, after),
    source: "snapshot",
    snapshot: { id, takenAt, wantedAt: at },
  };
}

function refuseStandby({ is_standby: isStandby, database }: Server): void {
  if (!isStandby) return;
  throw new CliError("SERVER_CHANGED", {
    message: `The snapshots in database "${database}" are of the primary, and this server is a standby.`,
    detail: "Each server counts its own statements.",
    hint: "Look at the standby with --sample 30s, or connect to the primary.",
  });
}

function otherServer({ id, takenAt }: StoredReading): CliError {
  return new CliError("SERVER_CHANGED", {
    message: `Snapshot ${id} of ${formatMoment(takenAt)} UTC is of another server than what came after it.`,
    detail:
      "After a failover, a restored backup or an upgrade with pg_upgrade, statements are counted anew.",
    hint: "Give a later time, from which on there are snapshots of one server.",
  });
}

function inFuture(option: string, at: string): CliError {
  return new CliError("USAGE", {
    message: `${option} takes a time in the past, and ${formatMoment(at)} UTC is to come.`,
    hint: `Times without a zone are in UTC; with one: ${option} 2026-01-31T14:00+09:00`,
  });
}

function nothingBefore({ id, takenAt }: StoredReading): CliError {
  return new CliError("SNAPSHOT_MISSING", {
    message: `Snapshot ${id} of ${formatMoment(takenAt)} UTC is the oldest: there is nothing before it to compare with.`,
    hint: "Give a later time with --compare, such as the number of a later snapshot.",
  });
}

function overlapping({ id, takenAt }: StoredReading, start: string): CliError {
  return new CliError("USAGE", {
    message: `--compare takes a time before the window that is compared, which begins at ${formatMoment(start)} UTC.`,
    detail: `Snapshot ${id} of ${formatMoment(takenAt)} UTC lies within it.`,
    hint: "Take a shorter window with --since, or an earlier time.",
  });
}
