import { setTimeout as sleep } from "node:timers/promises";
import { count, formatDuration } from "../../output/units.ts";
import { PartitionLeft } from "./failure.ts";
import type { Item } from "./plan.ts";
import { oldTransactions } from "./queries.ts";
import type { RetireWork } from "./retire-work.ts";
import type { OldTransaction } from "./rows.ts";

/** Between two looks, and how long is no wait yet, in milliseconds. */
const interval = 200;
const worthTelling = 1000;

/**
 * Waits for the transactions that are open now and that DETACH CONCURRENTLY would have to wait for. Before it begins,
 * waiting costs nothing; in its middle, the rows of the partition cannot be seen and nothing else can be detached from
 * the table. Throws PartitionLeft when they have not ended in time.
 */
export async function untilOldTransactionsEnd(
  work: RetireWork,
  { parent, row }: Item,
): Promise<void> {
  const { database, output, signal, patience } = work;
  const first = new Set((await oldTransactions(database, [parent.oid])).map(keyOf));
  if (first.size === 0) return;
  const began = performance.now();
  let told = false;
  for (;;) {
    await sleep(interval, undefined, { signal }).catch(() => {});
    const open = (await oldTransactions(database, [parent.oid])).filter((each) =>
      first.has(keyOf(each)),
    );
    const waited = performance.now() - began;
    if (open.length === 0) {
      patience.maxWait = Math.max(0, patience.maxWait - waited);
      return;
    }
    if (waited >= patience.maxWait) {
      // They stand in the way of the partitions that come next just as well.
      patience.maxWait = 0;
      throw leftAlone(row.name, open);
    }
    if (!told && waited >= worthTelling) {
      told = true;
      const lines = [
        `Before "${row.name}" is detached, ${count(open.length, "transaction")} must end that may still read it, or write into a table that it refers to:`,
        ...open.map(describe),
      ];
      output.warn(lines.join("\n  "));
    }
  }
}

/** Says what a partition that is half detached waits for: the transactions that may, and those that do not let it. */
export async function describeWait(
  { database }: RetireWork,
  { parent, row }: Item,
): Promise<string> {
  const open = await oldTransactions(database, [parent.oid]);
  const heading = `"${row.name}" is half detached, and is completed as soon as its locks are to be had.`;
  return [heading, ...open.map(describe)].join("\n  ");
}

function leftAlone(name: string, open: readonly OldTransaction[]): PartitionLeft {
  return new PartitionLeft(
    `"${name}" was not detached: transactions are open that may still read it, or write into a table that it refers to.`,
    {
      detail: open.map(describe).join("\n"),
      hint: "Nothing of it was changed. End them or wait for them, and run the command again; --max-wait says how long it waits.",
    },
  );
}

function keyOf({ process_id: id, began }: OldTransaction): string {
  return `${id} ${began}`;
}

function describe(transaction: OldTransaction): string {
  const { process_id: id, user, application, state, age, query } = transaction;
  if (id === 0) return `Prepared transaction "${application ?? "?"}" of user "${user ?? "?"}"`;
  const about = [
    `user "${user ?? "?"}"`,
    application ? `application "${application}"` : undefined,
    state,
    age === null ? undefined : `transaction open for ${formatDuration(age)}`,
  ].filter((part) => typeof part === "string");
  return `Process ${id} (${about.join(", ")}): ${(query ?? "").replaceAll(/\s+/g, " ")}`;
}
