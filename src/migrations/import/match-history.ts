import { CliError } from "../../core/errors.ts";
import type { ConvertedMigration } from "./convert.ts";
import type { AppliedMigration, ImportTool } from "./tool.ts";

/** A migration of ours that the other tool has applied. */
export interface TakenOver {
  readonly migration: ConvertedMigration;
  readonly appliedAt: string | null;
  /** True when the history has another checksum than the file. */
  readonly changed: boolean;
}

/**
 * Finds the file of each migration that the history has. Throws IMPORT_HISTORY_UNUSABLE where one has no file, or where
 * a file is older than the newest of them and not in the history.
 */
export function matchHistory(
  { title }: Pick<ImportTool, "title">,
  applied: readonly AppliedMigration[],
  migrations: readonly ConvertedMigration[],
): TakenOver[] {
  const rows = new Map(applied.map((row) => [row.key, row]));
  const keys = new Set(migrations.map(({ foreign }) => foreign.key));
  const missing = applied.filter(({ key }) => !keys.has(key)).map(({ key }) => key);
  if (missing.length > 0) {
    throw unusable(`${title} has applied ${quoted(missing)}, and there is no file for it.`, {
      hint: "Restore the file, or use the checkout that fits the database. Where the file was deleted on purpose, put one with SELECT in its place.",
    });
  }
  const newest = migrations.findLastIndex(({ foreign }) => rows.has(foreign.key));
  const older = migrations.slice(0, newest + 1).filter(({ foreign }) => !rows.has(foreign.key));
  if (older.length > 0) {
    const files = quoted(older.map(({ from }) => from[0] ?? ""));
    const last = migrations[newest]?.from[0] ?? "";
    throw unusable(`${title} has not applied ${files}, and it has applied the newer "${last}".`, {
      hint: `Apply it with ${title} first, or give the file a number after the newest one.`,
    });
  }
  return migrations.flatMap((migration) => {
    const row = rows.get(migration.foreign.key);
    if (row === undefined) return [];
    const recorded = row.checksum ?? null;
    const { checksum = recorded } = migration.foreign;
    return [
      { migration, appliedAt: row.appliedAt, changed: recorded !== null && recorded !== checksum },
    ];
  });
}

function unusable(message: string, { hint }: { readonly hint: string }): CliError {
  return new CliError("IMPORT_HISTORY_UNUSABLE", {
    message,
    detail: "Nothing was written.",
    hint,
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
