import { showSteps } from "../../output/steps.ts";
import { runLocked } from "./cut-over.ts";
import { locksOf } from "./locks.ts";
import { runAlone } from "./prepare.ts";
import { newerRows, undoStatements } from "./queries.ts";
import type { ConvertResult } from "./results.ts";
import { withLockRetries, type TableWork } from "./table-work.ts";

type Statements = ConvertResult["statements"];

/** What undoing does, and how many rows it has to move; null where it moves none in any case. */
export interface UndoPlan {
  readonly statements: Statements;
  readonly newerRows: number | null;
}

/** Reads which statements undo what there is of a conversion. */
export async function readUndo({ database, table, found }: TableWork): Promise<UndoPlan> {
  const rows = await undoStatements(database, { relation: table.name });
  const [newer] =
    found.state === "converted" ? await newerRows(database, { relation: table.name }) : [];
  return {
    statements: rows.map(({ statement, is_online: isOnline, ...row }) => ({
      phase: isOnline ? "undo online" : "undo",
      sql: statement,
      locks: locksOf(row),
      readsTable: statement.startsWith("create unique index"),
    })),
    newerRows: newer?.rows ?? null,
  };
}

/**
 * Runs the online statements each by itself, and the others, if there are any, in one transaction; returns how long that
 * kept the table locked, in milliseconds.
 */
export async function undo(work: TableWork, { statements }: UndoPlan): Promise<number | null> {
  const steps =
    statements.length === 0
      ? undefined
      : await showSteps(work.output, { begin: "Running", end: "Ran" });
  for (const { phase, sql } of statements) {
    if (phase !== "undo online") continue;
    steps?.begin(sql);
    await withLockRetries(work, "The undoing", async () => runAlone(work, sql));
    steps?.end(sql);
  }
  if (!statements.some(({ phase }) => phase === "undo")) return null;
  steps?.begin(`the transaction that puts the table of before in its place`);
  const lockedFor = await withLockRetries(work, "The undoing", async () => putBack(work));
  steps?.end("the transaction that puts the table of before in its place");
  return lockedFor;
}

async function putBack({ database, input, table }: TableWork): Promise<number> {
  const [{ locked_at: lockedAt }, committedAt] = await runLocked<{ locked_at: Date }>(
    database,
    `select public.undo_conversion(${table.oid}::oid::regclass) as locked_at`,
    input.lockTimeout,
  );
  return committedAt.getTime() - lockedAt.getTime();
}
