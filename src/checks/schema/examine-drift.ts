import { count } from "../../output/units.ts";
import { foundOf } from "../found.ts";
import type { Report } from "../report.ts";
import type { Found } from "../results.ts";
import { drift, type DriftContext } from "./drift.ts";
import { eventLine } from "./drift.view.ts";
import type { Difference, DriftResult } from "./results.ts";
import { shortened } from "./shorten-diff.ts";

/** Compares the live database, where that is wanted, with what the files make, and reports how it differs. */
export async function examineDrift(
  context: DriftContext,
  ignore: readonly string[] | undefined,
  report: Report,
): Promise<void> {
  if (!report.wants("drift")) return;
  try {
    const result = await report.measure("drift", async () => drift(context, { ignore }));
    report.add("drift", differencesFound(result));
    report.note("drift", noteOn(result));
  } catch (error) {
    const found = foundOf(error);
    if (found === undefined) throw error;
    // Where other sections ran, they would have met it.
    report.add("drift", [found]);
    report.leaveOut("drift", "a migration or a file failed");
  }
}

function noteOn({ database, serverVersion, pending }: DriftResult): string {
  const compared = `compared with database "${database}" on PostgreSQL ${serverVersion}`;
  if (pending.length === 0) return compared;
  return `${compared}, which ${count(pending.length, "migration")} of the files have not reached: what they make is found too, so nothing is an error`;
}

/** What pending migrations make differs by right, and cannot be told from what was changed by hand. */
function differencesFound({ differences, pending }: DriftResult): Found[] {
  return differences.map((difference) => ({
    rule: `drift-${difference.change}`,
    level: pending.length > 0 ? "warning" : "error",
    message: [
      sentences[difference.change],
      ...difference.events.slice(0, 3).map(eventLine),
      shortened(difference.diff, "drift"),
    ].join("\n"),
    cure: "Put it into a migration, or undo it in the database; --ignore leaves it out.",
    location: null,
    object: `${difference.kind} ${difference.name}`,
  }));
}

const sentences: Readonly<Record<Difference["change"], string>> = {
  missing: "The database lacks what the files make.",
  extra: "No file makes what the database has.",
  changed: 'In the database it is not what the files make; "-" is theirs.',
};
