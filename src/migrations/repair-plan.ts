import { CliError } from "../core/errors.ts";
import { sourceTextOf, type SourceText } from "../core/source-text.ts";
import { isSameSql, SyntaxProblem } from "../core/sql-parser.ts";
import { unifiedDiff } from "../core/text-diff.ts";
import { irreversibleReason } from "./ledger/irreversible.ts";
import { parseMigrationFile } from "../project/migration-file.ts";
import { unknownVersion, type ComparedMigration } from "./ledger/plan.ts";
import type { RepairResult } from "./results.ts";
import { runsInTransaction } from "../project/statement-rules.ts";
import { parseFileName, type Version } from "../project/version.ts";
import { writeMigration, type MigrationText, type PartText } from "../project/write-migration.ts";

/** What is to be repaired. */
export interface RepairChoice {
  /** Only these; when there are none and nothing else is chosen, all that were changed or renamed. */
  readonly versions: readonly string[];
  /** Migrations without a file whose rows go. */
  readonly forget: readonly string[];
  /** Whether files that are missing are written again. */
  readonly writeMissing: boolean;
  /** Whether the expected environment is recorded, instead of being compared with the recorded one. */
  readonly recordEnvironment: boolean;
}

/** The row of the ledger as the present file gives it. */
interface RowText {
  readonly version: string;
  readonly description: string | null;
  readonly up_sql: string | null;
  readonly rollback_sql: string | null;
  readonly irreversible: string | null;
  readonly checksum: string | null;
}

/** One repair: what is shown of it, and what is done. */
export interface PlannedRepair {
  readonly shown: RepairResult["repairs"][number];
  /** Null: the row goes. */
  readonly replacement: RowText | null;
  /** A file that is written first. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
}

/** An applied migration with the statements that the ledger has of it. */
export interface RecordedMigration extends ComparedMigration {
  readonly upSql: string | null;
}

export interface RepairPlan {
  readonly repairs: readonly PlannedRepair[];
  readonly missing: RepairResult["missing"];
}

/**
 * Finds what the choice means for these migrations; throws for a version that it cannot hold for. The SQL parser must
 * be loaded.
 */
export function planRepairs(
  compared: readonly RecordedMigration[],
  choice: RepairChoice,
): RepairPlan {
  for (const version of [...choice.versions, ...choice.forget]) {
    if (!compared.some((each) => isNamed(each, [version]))) throw unknownVersion(version, compared);
  }
  const repairs = compared.flatMap((each) => repairOf(each, choice) ?? []);
  const repaired = new Set(repairs.map(({ shown }) => shown.version));
  const missing = compared
    .filter(({ version, state }) => state === "missing" && !repaired.has(version))
    .map((each) => ({ version: each.version, canBeWritten: writing(each) !== undefined }));
  return { repairs, missing };
}

function repairOf(migration: RecordedMigration, choice: RepairChoice): PlannedRepair | undefined {
  if (isNamed(migration, choice.forget)) return forgetting(migration);
  const all = choice.versions.length === 0;
  const named = isNamed(migration, choice.versions);
  if (migration.state === "missing")
    return choice.writeMissing && (all || named) ? writing(migration) : undefined;
  return named || (all && !choosesOther(choice)) ? recording(migration) : undefined;
}

function choosesOther({ forget, writeMissing, recordEnvironment }: RepairChoice): boolean {
  return forget.length > 0 || writeMissing || recordEnvironment;
}

function isNamed({ version, row }: ComparedMigration, given: readonly string[]): boolean {
  return given.includes(version) || (row !== undefined && given.includes(row.version));
}

function forgetting({ version, state }: RecordedMigration): PlannedRepair {
  if (state !== "missing") {
    throw new CliError("USAGE", {
      message: `Only a migration that is applied and has no file can be forgotten; "${version}" is ${state}.`,
      hint: 'To take an applied migration back: "doramaflix-db rollback".',
    });
  }
  const shown = { version, recordedAs: version, action: "forget" } as const;
  return {
    shown: { ...shown, difference: null, diff: null },
    replacement: null,
    file: undefined,
  };
}

/** Returns undefined where what the ledger has would make no file, or one that says something else. */
function writing({ version, row, upSql }: RecordedMigration): PlannedRepair | undefined {
  // The name becomes a path: another client may have written anything into the ledger.
  const parsed = parseFileName(`${version}.sql`);
  if (row === undefined || upSql === null || parsed === undefined) return undefined;
  const text = writeMigration({
    description: row.description === "" ? null : row.description,
    up: partOf(upSql),
    down: wayBackOf(row),
  });
  const path = `migrations/${version}.sql`;
  const source = sourceTextOf(path, text);
  if (!isReadAs(parsed, source, upSql)) return undefined;
  const shown = { version, recordedAs: version, action: "write file" } as const;
  return {
    shown: { ...shown, difference: null, diff: null },
    replacement: {
      version,
      description: row.description,
      up_sql: upSql,
      rollback_sql: row.rollback_sql,
      irreversible: row.irreversible,
      checksum: source.checksum,
    },
    file: { path, text },
  };
}

/** A line that begins with "-- migrate:" is SQL for another client, and a directive in a file. */
function isReadAs(version: Version, source: SourceText, upSql: string): boolean {
  try {
    return parseMigrationFile(version, source).up.sql === sourceTextOf("", upSql).text.trim();
  } catch (error) {
    if (error instanceof CliError) return false;
    throw error;
  }
}

function partOf(sql: string): PartText {
  return { sql, transaction: runsInTransaction(sql) };
}

function wayBackOf({
  rollback_sql: sql,
  irreversible,
}: Pick<RowText, "rollback_sql" | "irreversible">): MigrationText["down"] {
  return sql === null || sql.trim() === ""
    ? { irreversible: irreversible ?? "The ledger has no rollback SQL for it." }
    : partOf(sql);
}

/** Returns undefined where the row is as the file is. */
function recording({ file, row, state, upSql }: RecordedMigration): PlannedRepair | undefined {
  if (file === undefined || row === undefined || state === "applied") return undefined;
  const { version, description, up, down, source } = file;
  const replacement: RowText = {
    version: version.name,
    description,
    up_sql: up.sql,
    rollback_sql: "sql" in down ? down.sql : null,
    irreversible: irreversibleReason(file),
    checksum: source.checksum,
  };
  const names = { version: version.name, recordedAs: row.version };
  const shown: PlannedRepair["shown"] =
    state === "renamed"
      ? { ...names, action: "record new name", difference: null, diff: null }
      : {
          ...names,
          action: "accept change",
          ...compareTexts(replacement, { ...row, up_sql: upSql }),
        };
  return { shown, replacement, file: undefined };
}

/** Says what differs between the file and the row, in the parts that the ledger has a text of. */
function compareTexts(
  file: RowText,
  row: RowText,
): Pick<RepairResult["repairs"][number], "difference" | "diff"> {
  const hasStatements = row.up_sql !== null;
  const ignored = {
    description: row.description === null,
    irreversible: row.irreversible === null,
  };
  const write = ({ description, up_sql, rollback_sql, irreversible }: RowText): string =>
    writeMigration({
      description: ignored.description ? null : description,
      up: hasStatements ? partOf(up_sql ?? "") : null,
      down:
        hasStatements || row.rollback_sql !== null
          ? wayBackOf({ rollback_sql, irreversible: ignored.irreversible ? null : irreversible })
          : null,
    });
  const diff = unifiedDiff(write(row), write(file)) || null;
  if (!hasStatements) return { difference: "unknown", diff };
  const same = isSame(row.up_sql, file.up_sql) && isSame(row.rollback_sql, file.rollback_sql);
  if (!same) return { difference: "statements", diff };
  const described =
    (ignored.description || row.description === file.description) &&
    (ignored.irreversible || row.irreversible === file.irreversible);
  return { difference: described ? "comments" : "description", diff };
}

/** Text that cannot be read is compared as it is. */
function isSame(one: string | null, other: string | null): boolean {
  try {
    return isSameSql(one ?? "", other ?? "");
  } catch (error) {
    if (error instanceof SyntaxProblem) return one === other;
    throw error;
  }
}
