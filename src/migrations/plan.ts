import { CliError, type ErrorCode } from "../core/errors.ts";
import type { MigrationFile } from "./migration-file.ts";
import type { JournalRow, LedgerRow } from "./rows.ts";
import { compareVersions, parseVersion, type Version } from "./version.ts";

/** How a migration stands between its file and the ledger. */
export type MigrationState =
  | "applied"
  | "pending"
  | "half-way"
  | "changed"
  | "missing"
  | "out of order"
  | "gap before";

export interface ComparedMigration {
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
  const fileByVersion = new Map(files.map((file) => [file.version.name, file]));
  const rowByVersion = new Map(rows.map((row) => [row.version, row]));
  const recorded = rows
    .map((row) => parseVersion(row.version))
    .filter((version) => version !== undefined);
  const newest = recorded.toSorted(compareVersions).at(-1);
  const numbers = new Set(
    [...files.map(({ version }) => version), ...recorded].map(({ number }) => number),
  );
  const withoutFile = rows.filter((row) => !fileByVersion.has(row.version));
  return [
    ...withoutFile.map((row): ComparedMigration => ({
      version: row.version,
      state: "missing",
      file: undefined,
      row,
    })),
    ...files.map((file): ComparedMigration => {
      const row = rowByVersion.get(file.version.name);
      const { name } = file.version;
      if (halfWay.has(name)) return { version: name, state: "half-way", file, row };
      const state =
        row === undefined ? pendingState(file.version, newest, numbers) : appliedState(file, row);
      return { version: name, state, file, row };
    }),
  ].toSorted((a, b) => compareNames(a.version, b.version));
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

/**
 * Returns the files to apply, in order, up to and with version `to`. Throws when files and ledger disagree, because
 * what is applied would then not be what the files say.
 */
export function pendingMigrations(
  compared: readonly ComparedMigration[],
  to: string | undefined,
): MigrationFile[] {
  for (const state of ["changed", "missing", "out of order", "gap before"] as const) {
    const wrong = compared.filter((each) => each.state === state);
    if (wrong.length > 0) throw disagreement(state, wrong, compared);
  }
  const end =
    to === undefined ? compared.length : compared.findIndex(({ version }) => version === to) + 1;
  if (to !== undefined && end === 0) throw unknownVersion(to, compared);
  return compared
    .slice(0, end)
    .filter(isPending)
    .flatMap(({ file }) => file ?? []);
}

/** True for a migration that is to be applied, or of which a part was. */
export function isPending({ state, row }: ComparedMigration): boolean {
  return state === "pending" || (state === "half-way" && row === undefined);
}

/** Refuses to go on where a part of a migration was taken back, or the file of one that is half-way is gone. */
export function refuseHalfWay(
  compared: readonly ComparedMigration[],
  journal: readonly JournalRow[],
): void {
  const back = journal.find(({ direction }) => direction === "down");
  if (back !== undefined) {
    throw new CliError("MIGRATION_INTERRUPTED", {
      message: `Migration "${back.version}" is half rolled back.`,
      hint: 'Complete that with "doramaflix-db rollback", and then run this command again.',
    });
  }
  const lost = journal.find(({ version }) => !compared.some((each) => each.version === version));
  if (lost === undefined) return;
  throw new CliError("MIGRATION_MISSING", {
    message: `Migration "${lost.version}" is half-way, and its file is missing.`,
    hint: "Restore the file, under the name that it had; the table migration_statements holds the statements that were begun.",
  });
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

type Disagreement = Exclude<MigrationState, "applied" | "pending" | "half-way">;

interface DisagreementText {
  readonly code: ErrorCode;
  /** What is said of the first one, after its name. */
  readonly sentence: (version: string, compared: readonly ComparedMigration[]) => string;
  readonly hint: string;
}

const disagreements: Readonly<Record<Disagreement, DisagreementText>> = {
  changed: {
    code: "MIGRATION_CHANGED",
    sentence: () => "was changed after it was applied",
    hint: "Restore the file as it was applied (git log shows it), and put the change into a new migration.",
  },
  missing: {
    code: "MIGRATION_MISSING",
    sentence: () => "is applied, and its file is missing",
    hint: "Restore the file. If this checkout is older than the database, use the newer one; if it is another project's database, connect to the right one.",
  },
  "out of order": {
    code: "MIGRATION_OUT_OF_ORDER",
    sentence: (_version, compared) => `is not applied, and the newer ${newestApplied(compared)} is`,
    hint: "Most likely it was merged from a branch after the newer one had been applied. Rename the file to the next free number.",
  },
  "gap before": {
    code: "MIGRATION_GAP",
    sentence: (version) =>
      `leaves a gap: there is no migration with the number ${numberBefore(version)}`,
    hint: "Add the missing file (was it left out of a commit?), or give this one the next free number.",
  },
};

function disagreement(
  state: Disagreement,
  wrong: readonly ComparedMigration[],
  compared: readonly ComparedMigration[],
): CliError {
  const { code, sentence, hint } = disagreements[state];
  const [first = "", ...others] = wrong.map(({ version }) => version);
  return new CliError(code, {
    message: `Migration "${first}" ${sentence(first, compared)}.`,
    detail: others.length > 0 ? `The same holds for ${others.map(quoted).join(", ")}.` : undefined,
    hint,
  });
}

function newestApplied(compared: readonly ComparedMigration[]): string {
  return quoted(compared.findLast(({ row }) => row !== undefined)?.version ?? "");
}

function numberBefore(version: string): string {
  return String((parseVersion(version)?.number ?? 1n) - 1n);
}

function quoted(version: string): string {
  return `"${version}"`;
}
