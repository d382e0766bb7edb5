import type { Page } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { formatMoment, formatTime } from "../output/units.ts";
import type { SlowQueriesResult, WindowReport } from "./results.ts";

type Target = Pick<
  SlowQueriesResult,
  "database" | "serverVersion" | "address" | "isStandby" | "takenAt"
>;

/** Says what was looked at, and when. */
export function headLine(
  { database, serverVersion, address, isStandby, takenAt }: Target,
  { style }: Page,
): string {
  const place = address === null ? "" : ` at ${address}`;
  const role = isStandby ? ", a standby" : "";
  return `${style.heading(`PostgreSQL ${serverVersion.split(" ")[0] ?? ""}${place}`)}${role}, database "${oneLine(database, 63)}", ${formatMoment(takenAt)} UTC`;
}

/** Says since when figures count: "since 2026-01-31 08:15:00 UTC (3.20 h)". */
export function period({ from, to, source, snapshot, wasInterrupted }: WindowReport): string {
  if (from === null) return "since their statistics were reset, it is not known when";
  const length = formatTime(Date.parse(to) - Date.parse(from));
  if (source === "sample") {
    return `in a sample of ${length}${wasInterrupted ? ", which was ended early" : ""}`;
  }
  return `since ${formatMoment(from)} UTC (${length}${snapshot === null ? "" : `, ${beginning(snapshot)}`})`;
}

/** Says which snapshot it is, and how far from the time that was asked for. */
function beginning({ id, takenAt, wantedAt }: NonNullable<WindowReport["snapshot"]>): string {
  const early = wantedAt === null ? 0 : Date.parse(wantedAt) - Date.parse(takenAt);
  return `snapshot ${id}${early < 1000 ? "" : `, ${formatTime(early)} before the time asked for`}`;
}

/** Names a role and a database: "app in shop"; what has been dropped has no name any more. */
export function ownerText(
  { user, database }: { readonly user: string | null; readonly database: string | null },
  columns: number,
): string {
  return oneLine(`${user ?? "(dropped role)"} in ${database ?? "(dropped database)"}`, columns);
}
