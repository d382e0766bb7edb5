import { plainLabel } from "../../project/label.ts";
import { parseFileName, type Version } from "../../project/version.ts";
import type { ForeignMigration } from "./tool.ts";

/** Numbers of fewer digits are counted without gaps. */
const timestampDigits = 8;

/**
 * Names each migration: its number, and its words as a label. Numbers that are counted get the same number of digits;
 * where one is left out among them they get as many as a timestamp, which may leave gaps. What stands in migrations/
 * already keeps its digits, so that a second import finds the files of the first.
 */
export function nameMigrations(
  migrations: readonly ForeignMigration[],
  existing: readonly Version[],
): string[] {
  const numbers = new Set([
    ...existing.map(({ number }) => number),
    ...migrations.map(({ digits }) => BigInt(digits)),
  ]);
  const counted = migrations
    .map(({ digits }) => digits)
    .filter((digits) => digits.length < timestampDigits);
  const hasGap = counted.map(BigInt).some((number) => number > 1n && !numbers.has(number - 1n));
  const width = hasGap ? timestampDigits : Math.max(3, ...counted.map((digits) => digits.length));
  const digitsOf = new Map(
    existing.map(({ number, name }) => [number, /^\d+/.exec(name)?.[0] ?? ""]),
  );
  return migrations.map(({ digits, words }) => {
    const own =
      digits.length < timestampDigits ? String(BigInt(digits)).padStart(width, "0") : digits;
    return `${digitsOf.get(BigInt(digits)) ?? own}_${plainLabel(words).slice(0, 200) || "migration"}`;
  });
}

/** Reads the versions of the names that have the form of ours. */
export function versionsOf(names: readonly string[]): Version[] {
  return names.map(parseFileName).filter((version) => version !== undefined);
}
