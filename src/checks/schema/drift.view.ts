import type { View } from "../../output/output.ts";
import type { Style } from "../../output/style.ts";
import { count, formatMoment, shortName } from "../../output/units.ts";
import { diffLines } from "./diff.view.ts";
import type { DdlEvent, DriftResult } from "./results.ts";

/** Shows each difference with its lines and with who made it, then the counts. */
export const driftView: View<DriftResult> = (result, { style }) => {
  const { database, serverVersion, expectedVersion, differences, ignored, pending } = result;
  return [
    `Database "${database}" on PostgreSQL ${serverVersion}, compared with what the project makes on ${expectedVersion}`,
    ...differences.map((difference) => differenceBlock(difference, style)),
    ...ignoredBlock(ignored, style),
    ...(pending.length > 0
      ? [
          `${style.attention("Pending")}  ${count(pending.length, "migration")} of the project: what they make is among the differences. Run "doramaflix-db migrate" first.`,
        ]
      : []),
    summary(result, style),
  ].join("\n\n");
};

function differenceBlock(
  { change, kind, name, diff, events }: DriftResult["differences"][number],
  style: Style,
): string {
  const word = change === "changed" ? style.attention(change) : style.bad(change);
  return [
    `${word}  ${kind} ${style.heading(shortName(name))}`,
    ...events.map((event) => `  ${style.faint(eventLine(event))}`),
    ...diffLines(diff, style),
  ].join("\n");
}

/** A pattern that keeps nothing back is misspelt, or of no use any more. */
function ignoredBlock(ignored: DriftResult["ignored"], style: Style): string[] {
  if (ignored.length === 0) return [];
  return [
    [
      `${style.heading("Ignored")}  with --ignore`,
      ...ignored.map(
        ({ pattern, differences }) =>
          `  ${pattern}: ${differences === 0 ? "nothing, take it out" : count(differences, "difference")}`,
      ),
    ].join("\n"),
  ];
}

/** Says what was done to an object, when and by whom. */
export function eventLine({ at, command, user, application, address }: DdlEvent): string {
  const by = application === "" ? `"${user}"` : `"${user}" with ${application}`;
  return `${formatMoment(at)} UTC: ${command} by ${by}${address === null ? "" : ` from ${address}`}`;
}

function summary({ compared, differences, isRecorded }: DriftResult, style: Style): string {
  if (differences.length === 0)
    return style.good(`No drift: ${count(compared, "object")} are as the project makes them.`);
  const counts = (["missing", "extra", "changed"] as const).flatMap((change) => {
    const number = differences.filter((each) => each.change === change).length;
    return number > 0 ? [`${number} ${change}`] : [];
  });
  return [
    `Found ${count(differences.length, "difference")} (${counts.join(", ")}); "-" is the project's, "+" the database's.`,
    ...(isRecorded
      ? []
      : [style.faint('Nothing records who changes the schema: "doramaflix-db record-ddl".')]),
  ].join("\n");
}
