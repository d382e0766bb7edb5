import { code, codeBlock, prose } from "../../output/markdown.ts";
import { formatMoment } from "../../output/units.ts";
import type { Note, SlowQueriesResult } from "../results.ts";

type Target = Pick<
  SlowQueriesResult,
  "database" | "serverVersion" | "address" | "isStandby" | "takenAt"
>;

/** Says what was looked at, and when. */
export function headText({ database, serverVersion, address, isStandby, takenAt }: Target): string {
  const place = address === null ? "" : ` at ${address}`;
  const role = isStandby ? ", a standby" : "";
  return `**PostgreSQL ${serverVersion.split(" ")[0] ?? ""}${place}**${role}, database ${code(database)}, ${formatMoment(takenAt)} UTC`;
}

/** Says what must be known, each with what changes it. */
export function notesText(notes: readonly Note[]): string[] {
  return notes.flatMap(({ message, cure }) => [
    `**Note:** ${prose(message)}`,
    ...(cure === null ? [] : [cureBlock(cure)]),
  ]);
}

/** What changes something is either statements or a command. */
export function cureBlock(cure: string): string {
  return codeBlock(cure.startsWith("doramaflix-db ") ? "sh" : "sql", cure);
}
