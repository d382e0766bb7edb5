import { CliError } from "../../core/errors.ts";
import { locationAt } from "../../core/source-text.ts";
import { placeInFile } from "../../core/variables.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import { sourceOf, type SentStatements } from "../../db/sql-failure.ts";
import { changedError, journaledStatements, type JournaledStatement } from "./journal.ts";
import { retryOnLock } from "./lock-retry.ts";
import type { JournalRow } from "../rows.ts";
import type { Run } from "./run.ts";
import { mannerOf, type StatementManner } from "./statement-effect.ts";
import { recordedEffect, StatementJournal } from "./statement-journal.ts";

/** A statement of a transaction:false migration failed; those before it have committed. */
export class HalfWayError extends Error {
  readonly error: ServerError;
  readonly statement: JournaledStatement;
  /** Statements that will clear away what it has left behind. */
  readonly leftovers: readonly string[];

  constructor(error: ServerError, statement: JournaledStatement, leftovers: readonly string[]) {
    super(error.message, { cause: error });
    this.error = error;
    this.statement = statement;
    this.leftovers = leftovers;
  }
}

/** What runs outside a transaction, with what an earlier run has recorded of it. */
export interface OutsideMigration extends SentStatements {
  readonly direction: "up" | "down";
  readonly journal: readonly JournalRow[];
}

/** A run of one such migration. */
interface OutsideRun extends Run {
  readonly sent: OutsideMigration;
  readonly journal: StatementJournal;
}

interface NewStatement extends JournaledStatement {
  readonly manner: StatementManner;
}

/**
 * Runs statements one by one, each committing by itself with a row in the journal, then records the migration. Goes on
 * where an earlier run has stopped; throws HalfWayError.
 */
export async function runOutsideTransaction(
  run: Run,
  sent: OutsideMigration,
  record: () => Promise<unknown>,
): Promise<void> {
  const { database, settings, output } = run;
  const statements = journaledStatements(sent, sent.journal);
  await database.query("select public.set_session($1)", [settings]);
  await database.query("select public.begin_migration($1)", [sent.name]);
  const journal = await StatementJournal.open(database, sent);
  const next = statements.find(({ row }) => row?.ended !== true);
  if (sent.journal.length > 0) {
    const where =
      next === undefined ? "after its last statement" : `at its statement ${next.place}`;
    output.note(`"${sent.name}" is half-way; going on ${where} of ${statements.length}.`);
  }
  for (const statement of statements) await runStatement({ ...run, sent, journal }, statement);
  await journal.close(record, settings);
}

async function runStatement(run: OutsideRun, statement: JournaledStatement): Promise<void> {
  const { database, followed, journal } = run;
  const { row, parsed, place, text } = statement;
  const manner = mannerOf(parsed);
  try {
    if (row?.ended === true) {
      if (manner.setsSession) await database.query(text);
      return;
    }
    followed.tell(`statement ${place}`);
    if (row !== undefined && (await settleEarlier(run, { ...statement, row }))) return;
    await runNew(run, { ...statement, manner });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new HalfWayError(error, statement, await journal.leftovers(manner.effect));
  }
}

async function runNew(run: OutsideRun, statement: NewStatement): Promise<void> {
  const { database, journal, sent } = run;
  const { place, text, manner } = statement;
  await journal.begin(statement, manner.effect);
  if (manner.concurrent) await runConcurrently(database, text);
  else if (manner.mayCommit) await database.query(text);
  else {
    const nameOf = (): string => `Statement ${place} of migration "${sent.name}"`;
    await retryOnLock(run, nameOf, async () =>
      manner.recordedWithin ? runRecorded(run, statement) : database.query(text),
    );
  }
  await refuseSkipped(run, statement);
  if (!manner.recordedWithin) await journal.end(place);
}

/** Runs a statement and ends its row in the journal in one transaction. */
async function runRecorded(
  { database, journal }: OutsideRun,
  { text, place }: JournaledStatement,
): Promise<void> {
  await database.query("begin");
  try {
    await database.query(text);
    await journal.end(place);
    await database.query("commit");
  } catch (error) {
    if (error instanceof ServerError) await database.query("rollback");
    throw error;
  }
}

/** Without a lock timeout, whatever the migration has set: it would end the work in the middle. */
async function runConcurrently(database: Database, text: string): Promise<void> {
  const [before] = await database.query("show lock_timeout");
  await database.query("set lock_timeout = 0");
  await database.query(text);
  await database.query("select pg_catalog.set_config('lock_timeout', $1, false)", [
    (before as { readonly lock_timeout: string } | undefined)?.lock_timeout ?? "0",
  ]);
}

/** IF NOT EXISTS is content with an index of that name that is invalid, and used by no query. */
async function refuseSkipped(
  { journal, sent }: OutsideRun,
  { manner: { effect }, index, place }: NewStatement,
): Promise<void> {
  if (effect?.kind !== "create index" || (await journal.isDone(effect))) return;
  throw new CliError("MIGRATION_INTERRUPTED", {
    message: `Migration "${sent.name}" stopped at its statement ${place}: the index "${effect.name}" is invalid.`,
    detail: "It was there before, left by a build that failed, and IF NOT EXISTS has skipped it.",
    hint: "Run the command again: it drops the invalid index first, unless somebody is building it, and then builds it anew.",
    location: locationAt(sourceOf(sent), placeInFile(sent, index)),
  });
}

/**
 * Deals with a statement that an earlier run began and nobody saw end. Returns true when the catalog shows that it has
 * run; clears away what it has left behind when it has not.
 */
async function settleEarlier(
  { database, output, sent, journal }: OutsideRun,
  statement: JournaledStatement & { readonly row: JournalRow },
): Promise<boolean> {
  const { row } = statement;
  const isSame = row.checksum === statement.checksum;
  const effect = isSame ? mannerOf(statement.parsed).effect : recordedEffect(row);
  if (effect === undefined) return false;
  for (const text of await journal.leftovers(effect)) {
    output.note(`Clearing away what statement ${row.place} has left behind: ${text}`);
    await runConcurrently(database, text);
  }
  if (row.done_before || !(await journal.isDone(effect))) return false;
  if (!isSame) throw changedError(sent, row, statement);
  await journal.end(row.place);
  return true;
}
