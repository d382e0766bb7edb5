import { CliError } from "../../core/errors.ts";
import { compareFlywayVersions, flywayKey, parseFlywayVersion } from "./flyway-version.ts";
import type { AppliedMigration, ForeignMigration, HistoryRow } from "./tool.ts";

/** Goes through the history as it was written: a migration may have been undone, or deleted by a repair. */
export function appliedByFlyway(
  rows: readonly HistoryRow[],
  migrations: readonly ForeignMigration[],
): AppliedMigration[] {
  const applied = new Map<string, AppliedMigration>();
  for (const row of rows) {
    const { version, type, success } = row;
    if (success !== true) throw failed(row);
    // A repeatable migration has no version, and neither has the creation of a schema.
    if (typeof version !== "string") continue;
    const key = flywayKey(version);
    const appliedAt = String(row["installed_on"]);
    if (/^UNDO|^DELETE/.test(String(type))) applied.delete(key);
    else if (String(type).endsWith("BASELINE")) {
      for (const covered of upTo(version, migrations))
        applied.set(covered, { key: covered, appliedAt });
    } else if (type !== "SCHEMA") {
      applied.set(key, { key, appliedAt, checksum: row["checksum"] as string | null });
    }
  }
  return [...applied.values()];
}

/** What a baseline stands for: Flyway ignores the files up to it. */
function upTo(version: string, migrations: readonly ForeignMigration[]): string[] {
  const baseline = parseFlywayVersion(version);
  return migrations
    .map(({ key }) => key)
    .filter((key) => compareFlywayVersions(parseFlywayVersion(key), baseline) <= 0);
}

function failed({ script }: HistoryRow): CliError {
  return new CliError("IMPORT_HISTORY_UNUSABLE", {
    message: `Flyway has recorded "${String(script)}" as failed.`,
    detail: "Nothing was written.",
    hint: "Put the database right by hand, run: flyway repair; then run the command again.",
  });
}
