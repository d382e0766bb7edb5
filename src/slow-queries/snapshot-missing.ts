import { CliError } from "../core/errors.ts";
import { formatMoment } from "../output/units.ts";
import type { Wanted } from "./moment.ts";
import type { StoredSnapshots } from "./rows.ts";

/** Says why there is no such snapshot, and which there are. */
export function snapshotMissing(
  { stored, oldest, newest }: Pick<StoredSnapshots, "stored" | "oldest" | "newest">,
  asked: { readonly option: string; readonly wanted: Wanted; readonly database: string },
): CliError {
  const { option, wanted, database } = asked;
  if (oldest === null || newest === null) {
    return new CliError("SNAPSHOT_MISSING", {
      message: `${option} needs snapshots of pg_stat_statements, and database "${database}" has none.`,
      hint: 'Take the first one now, and let cron take one every few minutes: "doramaflix-db snapshot".',
    });
  }
  const first = oldest.toISOString();
  const detail = `It has ${stored === 1 ? "one" : stored}, the oldest of ${formatMoment(first)} UTC${stored === 1 ? "" : `, the newest of ${formatMoment(newest.toISOString())} UTC`}.`;
  if ("id" in wanted) {
    return new CliError("SNAPSHOT_MISSING", {
      message: `Database "${database}" has no snapshot ${wanted.id}.`,
      detail,
      hint: `Give a time: ${option} 1h takes the last one that had been taken by then.`,
    });
  }
  return new CliError("SNAPSHOT_MISSING", {
    message: `No snapshot had been taken by ${formatMoment(wanted.at)} UTC in database "${database}".`,
    detail,
    hint: `Begin with the oldest: ${option} ${roundedUp(oldest)}`,
  });
}

/** The time that names a snapshot is not before it. */
function roundedUp(moment: Date): string {
  return new Date(Math.ceil(moment.getTime() / 1000) * 1000).toISOString().slice(0, 19);
}
