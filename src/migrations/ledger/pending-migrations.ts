import { CliError, type ErrorCode } from "../../core/errors.ts";
import type { MigrationFile } from "../../project/migration-file.ts";
import { unknownVersion, type ComparedMigration, type MigrationState } from "./plan.ts";
import type { JournalRow } from "../rows.ts";
import { nextNumber, parseVersion } from "../../project/version.ts";

/** What is asked of a run that applies migrations. */
export interface PendingOptions {
  /** The version to stop after; all when undefined. */
  readonly to: string | undefined;
  /** Whether a migration is applied that is older than one that is applied already. */
  readonly outOfOrder: "allow" | "forbid";
}

/**
 * Returns the files to apply, in order, up to and with version `to`. Throws when files and ledger disagree, because
 * what is applied would then not be what the files say.
 */
export function pendingMigrations(
  compared: readonly ComparedMigration[],
  { to, outOfOrder }: PendingOptions,
): MigrationFile[] {
  refuseDisagreements(compared, ["changed", "missing", "renamed"]);
  refuseDisagreements(
    compared,
    outOfOrder === "forbid" ? ["out of order", "gap before"] : ["gap before"],
  );
  const end =
    to === undefined ? compared.length : compared.findIndex(({ version }) => version === to) + 1;
  if (to !== undefined && end === 0) throw unknownVersion(to, compared);
  return compared
    .slice(0, end)
    .filter(({ row }) => row === undefined)
    .flatMap(({ file }) => file ?? []);
}

/**
 * Refuses to go on where a part of a migration was taken back, or the file of one that is half-way is gone or asks for a
 * transaction now, which would run again what is done.
 */
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
  refuseTransaction(compared, journal);
  const lost = journal.find(({ version }) => !compared.some((each) => each.version === version));
  if (lost === undefined) return;
  throw new CliError("MIGRATION_MISSING", {
    message: `Migration "${lost.version}" is half-way, and its file is missing.`,
    hint: "Restore the file, under the name that it had; the table migration_statements holds the statements that were begun.",
  });
}

function refuseTransaction(
  compared: readonly ComparedMigration[],
  journal: readonly JournalRow[],
): void {
  const done = new Set(journal.filter(({ ended }) => ended).map(({ version }) => version));
  const changed = compared.find(
    ({ version, row, file }) =>
      row === undefined && file?.up.transaction === true && done.has(version),
  );
  if (changed === undefined) return;
  throw new CliError("MIGRATION_CHANGED", {
    message: `Migration "${changed.version}" is half-way, and its file no longer says that it runs outside a transaction.`,
    detail:
      "Statements of it are done and have committed; in a transaction they would run once more.",
    hint: 'Make its first line "-- migrate:up transaction:false" again, and the command goes on where it stopped.',
  });
}

type Disagreement = Exclude<MigrationState, "applied" | "pending" | "half-way">;

/** Throws for the first of the given states in which any migration is, with all that are in it. */
export function refuseDisagreements(
  compared: readonly ComparedMigration[],
  states: readonly Disagreement[],
): void {
  for (const state of states) {
    const [first, ...others] = compared.filter((each) => each.state === state);
    if (first !== undefined) throw disagreement(state, [first, ...others], compared);
  }
}

interface DisagreementText {
  readonly code: ErrorCode;
  /** What is said of the first one, after its name. */
  readonly sentence: (wrong: ComparedMigration, compared: readonly ComparedMigration[]) => string;
  readonly reason?: string;
  readonly hint: (wrong: ComparedMigration, compared: readonly ComparedMigration[]) => string;
}

const disagreements: Readonly<Record<Disagreement, DisagreementText>> = {
  changed: {
    code: "MIGRATION_CHANGED",
    sentence: () => "was changed after it was applied",
    hint: ({ version }) =>
      "Restore the file as it was applied (git log shows it), and put the change into a new migration. " +
      `What differs: doramaflix-db repair ${version} --dry-run`,
  },
  missing: {
    code: "MIGRATION_MISSING",
    sentence: () => "is applied, and its file is missing",
    hint: () =>
      "Restore the file. If this checkout is older than the database, use the newer one; if it is another project's database, connect to the right one. " +
      "If the file is lost, the ledger may have its text: doramaflix-db repair --write-missing",
  },
  renamed: {
    code: "MIGRATION_RENAMED",
    sentence: ({ row }) => `is applied as "${row?.version}": its file was renamed`,
    hint: () =>
      "Give the file its old name back, or have the new one recorded: doramaflix-db repair",
  },
  "out of order": {
    code: "MIGRATION_OUT_OF_ORDER",
    sentence: (_wrong, compared) => `is not applied, and the newer ${newestApplied(compared)} is`,
    reason: "Most likely it was merged from a branch after the newer one had been applied.",
    hint: ({ version }, compared) =>
      `Rename its file to "${renumbered(version, compared)}.sql", the next free number. Or, if it does not depend on ` +
      "the order, apply it as it is: doramaflix-db migrate --out-of-order allow",
  },
  "gap before": {
    code: "MIGRATION_GAP",
    sentence: ({ version }) =>
      `leaves a gap: there is no migration with the number ${numberBefore(version)}`,
    hint: () =>
      "Add the missing file (was it left out of a commit?), or give this one the next free number.",
  },
};

function disagreement(
  state: Disagreement,
  [first, ...others]: readonly [ComparedMigration, ...ComparedMigration[]],
  compared: readonly ComparedMigration[],
): CliError {
  const { code, sentence, reason, hint } = disagreements[state];
  const same =
    others.length > 0
      ? `The same holds for ${others.map(({ version }) => quoted(version)).join(", ")}.`
      : undefined;
  const detail = [reason, same].filter((part) => part !== undefined).join(" ");
  return new CliError(code, {
    message: `Migration "${first.version}" ${sentence(first, compared)}.`,
    detail: detail === "" ? undefined : detail,
    hint: hint(first, compared),
  });
}

function newestApplied(compared: readonly ComparedMigration[]): string {
  return quoted(compared.findLast(({ row }) => row !== undefined)?.version ?? "");
}

/** The same name with the number after the newest one. */
function renumbered(version: string, compared: readonly ComparedMigration[]): string {
  const number = nextNumber(compared.map((each) => each.version));
  return version.replace(/^\d+/, number);
}

function numberBefore(version: string): string {
  return String((parseVersion(version)?.number ?? 1n) - 1n);
}

function quoted(version: string): string {
  return `"${version}"`;
}
