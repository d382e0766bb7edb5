import { ServerError } from "../../db/server-error.ts";
import { PartitionLeft } from "./failure.ts";
import { tellOldTransactions, untilOldTransactionsEnd } from "./old-transactions.ts";
import type { Item } from "./plan.ts";
import { withLockRetry, type RetireWork } from "./retire-work.ts";

/** The ledger's rows are locked by nobody for long. */
const shortWait = "set local lock_timeout = '3s'";

/**
 * Detaches a partition: a row in the ledger, which is committed before, then the statement, then what became of it.
 * Each of the three may be the last that this run does; the next one finds out which it was.
 */
export async function detach(work: RetireWork, item: Item): Promise<void> {
  const { database, signal } = work;
  const { parent, row, shown } = item;
  if (shown.method === "concurrently") await untilOldTransactionsEnd(work, item);
  signal.throwIfAborted();
  const [begun] = (await database.query(
    `${shortWait}; select public.begin_retirement(${parent.oid}::oid, ${row.relation}::oid)::float8 as id`,
  )) as readonly { readonly id: number }[];
  const statement = `alter table ${parent.parent} detach partition ${row.name}`;
  try {
    if (shown.method === "concurrently") await toTheEnd(work, item, `${statement} concurrently`);
    else await detachPlainly(work, item, statement);
  } catch (error) {
    if (error instanceof ServerError) await refused(work, item, { id: begun?.id ?? 0, error });
    throw error;
  }
  await end(work, begun?.id ?? null);
}

/** Completes a partition that is half detached, whoever began it. */
export async function finalize(work: RetireWork, item: Item): Promise<void> {
  const { parent, row } = item;
  await tellOldTransactions(work, item);
  await toTheEnd(work, item, `alter table ${parent.parent} detach partition ${row.name} finalize`);
  await end(work, row.retirement);
}

/** Records what became of a partition, by what it is now; nothing for one that is not in the ledger. */
export async function end({ database }: RetireWork, id: number | null): Promise<string> {
  if (id === null) return "";
  const [row] = (await database.queryToEnd(
    `${shortWait}; select public.end_retirement(${id}) as outcome`,
  )) as readonly { readonly outcome: string }[];
  return row?.outcome ?? "";
}

/**
 * Runs a statement that must not stop in the middle, because the rows of the partition could not be seen then: the
 * session has no time limits, and the user's interruption waits for it.
 */
async function toTheEnd(
  { database, output, signal }: RetireWork,
  { row }: Item,
  statement: string,
): Promise<void> {
  const over = new AbortController();
  const say = (): void => {
    output.warn(
      `Detaching "${row.name}" goes on to its end, because its rows could not be seen if it stopped now. ` +
        "Interrupted once more, this program ends and leaves it to the server and to the next run.",
    );
  };
  signal.addEventListener("abort", say, { signal: over.signal });
  try {
    await database.queryToEnd(statement);
  } finally {
    over.abort();
  }
}

/** Where there is a default partition, nothing else is allowed: a lock against everything, for a moment. */
async function detachPlainly(work: RetireWork, { row }: Item, statement: string): Promise<void> {
  const { database, patience } = work;
  await withLockRetry(work, row.name, async () =>
    database.query(`set local lock_timeout = ${patience.lockTimeout}; ${statement}`),
  );
}

async function refused(
  work: RetireWork,
  { row }: Item,
  { id, error }: { readonly id: number; readonly error: ServerError },
): Promise<void> {
  if ((await end(work, id)) !== "pending") return;
  throw new PartitionLeft(`"${row.name}" is half detached: ${error.message}.`, {
    detail: "Its rows cannot be seen until that is completed.",
    hint: 'Complete it: "doramaflix-db partitions retire".',
    cause: error,
  });
}
