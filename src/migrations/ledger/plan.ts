import { CliError } from "../../core/errors.ts";
import type { MigrationFile } from "../../project/migration-file.ts";
import type { JournalRow, LedgerRow } from "../rows.ts";
import { compareVersions, parseVersion, type Version } from "../../project/version.ts";

/** How a migration stands between its file and the ledger. */
export type MigrationState =
  | "applied"
  | "pending"
  | "half-way"
  | "changed"
  | "missing"
  | "renamed"
  | "out of order"
  | "gap before";

export interface ComparedMigration {
  /** What the file is called, where there is one: a renamed migration has another version in its row. */
  readonly version: string;
  readonly state: MigrationState;
  readonly file: MigrationFile | undefined;
  readonly row: LedgerRow | undefined;
}

/** Compares files with the ledger; files in their order, each applied migration without a file in its place. */
export function compareWithLedger(
  files: readonly MigrationFile[],
  rows: readonly LedgerRow[],
  journal: readonly JournalRow[] = [],
): ComparedMigration[] {
  const halfWay = new Set(journal.map(({ version }) => version));
  const rowByVersion = new Map(rows.map((row) => [row.version, row]));
  const versions = new Set(files.map(({ version }) => version.name));
  const withoutFile = rows.filter(({ version }) => !versions.has(version));
  const renamed = findRenamed(
    files.filter(({ version }) => !rowByVersion.has(version.name)),
    withoutFile,
  );
  const moved = new Set(renamed.values());
  const missing = withoutFile.filter((row) => !moved.has(row));
  const recorded = [...files, ...missing.map(({ version }) => ({ version: parseVersion(version) }))]
    .map(({ version }) => version)
    .filter((version) => version !== undefined);
  const isApplied = ({ name }: Version): boolean => rowByVersion.has(name) || renamed.has(name);
  const newest = recorded.filter(isApplied).toSorted(compareVersions).at(-1);
  const numbers = new Set(recorded.map(({ number }) => number));
  return [
    ...missing.map((row): ComparedMigration => ({
      version: row.version,
      state: "missing",
      file: undefined,
      row,
    })),
    ...files.map((file): ComparedMigration => {
      const version = file.version.name;
      const before = renamed.get(version);
      if (before !== undefined) return { version, state: "renamed", file, row: before };
      const row = rowByVersion.get(version);
      if (halfWay.has(version)) return { version, state: "half-way", file, row };
      const state =
        row === undefined ? pendingState(file.version, newest, numbers) : appliedState(file, row);
      return { version, state, file, row };
    }),
  ].toSorted((a, b) => compareNames(a.version, b.version));
}

/**
 * Returns the rows whose file has another name now, by that name: those of one file and one row with the same
 * checksum. Where several have it, nobody can tell which became which.
 */
function findRenamed(
  files: readonly MigrationFile[],
  rows: readonly LedgerRow[],
): Map<string, LedgerRow> {
  const fileByChecksum = onlyOnes(files, ({ source }) => source.checksum);
  const rowByChecksum = onlyOnes(rows, ({ checksum }) => checksum);
  return new Map(
    [...fileByChecksum].flatMap(([checksum, file]) => {
      const row = rowByChecksum.get(checksum);
      return row === undefined ? [] : [[file.version.name, row]];
    }),
  );
}

/** Returns the elements by their key, without those that share theirs with another one. */
function onlyOnes<Element, Key>(
  elements: readonly Element[],
  keyOf: (element: Element) => Key,
): Map<Key, Element> {
  const all = new Map<Key, Element>();
  const shared = new Set<Key>();
  for (const element of elements) {
    const key = keyOf(element);
    if (all.has(key)) shared.add(key);
    all.set(key, element);
  }
  for (const key of shared) all.delete(key);
  return all;
}

/** A checksum of an older tool says nothing about our text, so it never counts as changed. */
function appliedState({ source }: MigrationFile, { checksum }: LedgerRow): MigrationState {
  const comparable = checksum?.startsWith("sha256:") ?? false;
  return comparable && checksum !== source.checksum ? "changed" : "applied";
}

function pendingState(
  version: Version,
  newest: Version | undefined,
  numbers: ReadonlySet<bigint>,
): MigrationState {
  if (newest !== undefined && compareVersions(version, newest) < 0) return "out of order";
  const follows = version.number <= 1n || numbers.has(version.number - 1n);
  return version.counted && !follows ? "gap before" : "pending";
}

function compareNames(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left !== undefined && right !== undefined) return compareVersions(left, right);
  return Number(left !== undefined) - Number(right !== undefined) || (a < b ? -1 : Number(a > b));
}

/** The error for a version that is neither in a file nor in the ledger. */
export function unknownVersion(
  version: string,
  known: readonly { readonly version: string }[],
): CliError {
  const names = known.map((each) => each.version);
  const near = nearestName(version, names) ?? names.at(-1);
  return new CliError("MIGRATION_UNKNOWN", {
    message: `There is no migration "${version}".`,
    hint:
      near === undefined
        ? "There are no migrations at all: is this the right project and the right database?"
        : `Did you mean "${near}"? "doramaflix-db status" lists all.`,
  });
}

/** The name that was begun or is given as a path; otherwise that with the same number, or the same label. */
function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = given.replace(/^.*[\\/]/, "").replace(/\.sql$/, "");
  const number = parseVersion(wanted)?.number;
  const label = labelOf(wanted);
  return (
    names.find((name) => wanted !== "" && name.startsWith(wanted)) ??
    names.find((name) => number !== undefined && parseVersion(name)?.number === number) ??
    names.find((name) => label !== "" && labelOf(name) === label)
  );
}

function labelOf(name: string): string {
  return name.replace(/^\d*_?/, "");
}
