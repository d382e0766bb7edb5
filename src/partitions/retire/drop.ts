import { quoteLiteral } from "../../core/identifiers.ts";
import type { Export } from "./results.ts";
import { discard, nameFile, writeRows, type WrittenRows } from "./export.ts";
import type { Item } from "./plan.ts";
import { withLockRetry, type RetireWork } from "./retire-work.ts";

/** Drops a detached partition, and first writes its rows into a file of the folder, if one is given. */
export async function drop(
  work: RetireWork,
  { row }: Item,
  folder: string | undefined,
): Promise<Export | null> {
  const { database, patience } = work;
  if (folder !== undefined) return exportAndDrop(work, row, folder);
  await withLockRetry(work, row.name, async () =>
    database.query(
      `set local lock_timeout = ${patience.lockTimeout}; select public.drop_retired_partition(${row.retirement ?? 0})`,
    ),
  );
  return null;
}

/**
 * Exports in a transaction that locks nothing, and drops in another one, in which nobody else can write into the table and
 * it is seen that it is as it was exported. For the lock that the drop needs it goes back to a savepoint, so that
 * the table does not have to be looked through again.
 */
async function exportAndDrop(work: RetireWork, row: Item["row"], folder: string): Promise<Export> {
  const { database, patience } = work;
  const written = await undone(work, "rollback", async () => {
    await database.query(`begin isolation level repeatable read, read only; ${settings}`);
    const rows = await writeRows(database, row, folder);
    await database.query("commit");
    return rows;
  });
  try {
    await withLockRetry(work, row.name, async () =>
      undone(work, "rollback", async () =>
        database.query(`begin; ${settings}; set local lock_timeout = ${patience.lockTimeout};
          lock table ${row.name} in share mode`),
      ),
    );
    return await undone(work, "rollback", async () => dropExported(work, row, written));
  } finally {
    await discard(written);
  }
}

async function dropExported(
  work: RetireWork,
  row: Item["row"],
  written: WrittenRows,
): Promise<Export> {
  const exported = await nameFile(work.database, row, written);
  await withLockRetry(work, row.name, async () => {
    await work.database.query("savepoint exported");
    await undone(work, "rollback to savepoint exported", async () =>
      work.database.query(dropStatement(row, exported)),
    );
  });
  return exported;
}

/** One message with the commit: what the drop locks is not held until the client has answered. */
function dropStatement({ retirement }: Item["row"], { file, rows, checksum }: Export): string {
  const given = [retirement ?? 0, quoteLiteral(file), rows, quoteLiteral(checksum)];
  return `select public.drop_retired_partition(${given.join(", ")}); commit`;
}

/**
 * The text of a value is the same wherever it is loaded again; names are written with their schema; and row-level
 * security that would hide rows is an error. Two exports of the same rows have the same order.
 */
const settings = `
  set local search_path = pg_catalog, pg_temp;
  set local timezone = 'UTC';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'postgres';
  set local extra_float_digits = 1;
  set local bytea_output = 'hex';
  set local lc_monetary = 'C';
  set local row_security = off;
  set local synchronize_seqscans = off;
  set local max_parallel_workers_per_gather = 0`;

/** Runs `use`; where it fails, `undo` makes the session fit for what comes next, as far as there still is one. */
async function undone<Result>(
  { database }: RetireWork,
  undo: string,
  use: () => Promise<Result>,
): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    await database.queryToEnd(undo).catch(() => {});
    throw error;
  }
}
