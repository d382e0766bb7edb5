import { isLockError, retryOnLock } from "../../db/lock-retry.ts";
import { ServerError } from "../../db/server-error.ts";
import { pauses } from "../lock-patience.ts";
import { PartitionLeft } from "./failure.ts";
import { describeWait, untilOldTransactionsEnd } from "./old-transactions.ts";
import type { Item } from "./plan.ts";
import { withLockRetry, type RetireWork } from "./retire-work.ts";

/** The ledger's rows are locked by nobody for long. */
const shortWait = "set local lock_timeout = '3s'";

/**
 * Detaches a partition: a row in the ledger, which is committed before, then the statement, then what became of it.
 * Each of the three may be the last that this run does; the next one finds out which it was.
 */
export async function detach(work: RetireWork, item: Item): Promise<void> {
  if (item.shown.method === "concurrently") await untilOldTransactionsEnd(work, item);
  await withLockRetry(work, item.row.name, async () => detachOnce(work, item));
}

async function detachOnce(work: RetireWork, item: Item): Promise<void> {
  const { database } = work;
  const { parent, row, shown } = item;
  const id = await begin(work, item);
  const statement = `alter table ${parent.parent} detach partition ${row.name}`;
  try {
    // Where there is a default partition, only the other one is allowed: a lock against everything, for a moment.
    if (shown.method === "concurrently")
      await toTheEnd(work, item, async () => database.queryToEnd(`${statement} concurrently`));
    else await database.query(statement);
  } catch (error) {
    if (!(error instanceof ServerError) || (await end(work, id)) !== "pending") throw error;
    if (!isLockError(error)) throw halfDetached(item, error);
    await untilCompleted(work, item);
  }
  await end(work, id);
}

/** Completes a partition that is half detached, whoever began it. */
export async function finalize(work: RetireWork, item: Item): Promise<void> {
  await untilCompleted(work, item);
  await end(work, item.row.retirement);
}

/** Writes a partition into the ledger that is to be detached. */
async function begin({ database }: RetireWork, { parent, row }: Item): Promise<number | null> {
  const [begun] = (await database.query(
    `${shortWait}; select public.begin_retirement(${parent.oid}::oid, ${row.relation}::oid)::float8 as id`,
  )) as readonly { readonly id: number }[];
  return begun?.id ?? null;
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
 * Completes a partition that is half detached, however often that has to be tried: until then its rows cannot be seen,
 * and no partition can be created. Each attempt waits for its locks no longer than --lock-timeout, because one of them is
 * SHARE ROW EXCLUSIVE on each table that the partition's foreign keys refer to: who writes into those waits behind it.
 */
async function untilCompleted(work: RetireWork, item: Item): Promise<void> {
  const { database, output, signal } = work;
  const { parent, row } = item;
  const statement = `alter table ${parent.parent} detach partition ${row.name} finalize`;
  // An interruption does not end the pauses either, in which those get on who have waited behind us.
  const patience = { ...pauses, lockRetries: Infinity, signal: new AbortController().signal };
  await toTheEnd(work, item, async () =>
    retryOnLock(patience, async () => database.queryToEnd(statement), {
      nameOf: () => row.name,
      failed: async ({ times }) => {
        const isToBeTold = Number.isInteger(Math.log2(times)) && !signal.aborted;
        if (isToBeTold) output.warn(await describeWait(work, item));
      },
    }),
  );
}

/** Runs what must not stop in the middle, because the rows could not be seen then: the user's interruption waits for it. */
async function toTheEnd(
  { output, signal }: RetireWork,
  { row }: Item,
  run: () => Promise<unknown>,
): Promise<void> {
  const over = new AbortController();
  const say = (): void => {
    output.warn(
      `Detaching "${row.name}" goes on to its end, because its rows could not be seen if it stopped now. ` +
        "Interrupted once more, this program ends and leaves it to the next run.",
    );
  };
  signal.addEventListener("abort", say, { signal: over.signal });
  try {
    await run();
  } finally {
    over.abort();
  }
}

function halfDetached({ row }: Item, error: ServerError): PartitionLeft {
  return new PartitionLeft(`"${row.name}" is half detached: ${error.message}.`, {
    detail: "Its rows cannot be seen until that is completed.",
    hint: 'Complete it: "doramaflix-db partitions retire".',
    cause: error,
  });
}
