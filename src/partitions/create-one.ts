import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { retryOnLock, type LockFailure } from "../db/lock-retry.ts";
import type { Output } from "../output/output.ts";
import { formatDuration, shortName } from "../output/units.ts";
import { pauses, type LockPatience } from "./lock-patience.ts";
import { describeSessions } from "../output/locking-sessions.ts";
import { locks } from "./queries.ts";
import type { CreatedParent } from "./results.ts";
import type { Policy } from "./rows.ts";

/** The session that works on a table, how patient it is, and whom it tells of it. */
export interface TableWork {
  readonly database: Database;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly policy: Policy;
  readonly patience: LockPatience;
}

interface Wanted {
  /** A moment of the period; null for the catch-all partition. */
  readonly from: string | null;
  readonly isLast: boolean;
}

/**
 * Creates a partition in a transaction of its own, and tries again while its locks are not to be had. Returns undefined
 * when another session has created it meanwhile.
 */
export async function createOne(
  { database, output, signal, policy, patience }: TableWork,
  { from, isLast }: Wanted,
): Promise<
  Pick<CreatedParent["created"][number], "partition" | "duration" | "attempts"> | undefined
> {
  const parent = shortName(policy.parent);
  const name =
    from === null
      ? `the catch-all partition of ${parent}`
      : `the partition of ${parent} from ${from.slice(0, 10)}`;
  const text = transaction({ policy, patience }, { from, isLast });
  let attempts = 0;
  let began = 0;
  const [row] = await retryOnLock(
    { ...pauses, lockRetries: patience.lockRetries, signal },
    async () => {
      if (signal.aborted) throw new CliError("INTERRUPTED", { message: "Interrupted." });
      attempts += 1;
      began = performance.now();
      return (await database.query(text)) as readonly CreatedRow[];
    },
    {
      nameOf: () => name,
      failed: async (failure) => {
        output.warn(await lockWarning(database, policy, { failure, patience }));
      },
    },
  );
  const duration = Math.round(performance.now() - began);
  if (row?.created !== true) return undefined;
  return { partition: row.partition, duration, attempts };
}

interface CreatedRow {
  readonly partition: string;
  readonly created: boolean;
}

/** create_partition() takes 0 for "not set", and waits three seconds. */
const noTimeout = 2_147_483_647;

/** Several statements in one message are one transaction. */
function transaction(
  { policy, patience: { lockTimeout } }: Pick<TableWork, "policy" | "patience">,
  { from, isLast }: Wanted,
): string {
  const call =
    from === null
      ? "(select public.partition_name(p.parent, p.catch_all) as partition, public.create_catch_all(p.parent) as created)"
      : `public.create_partition(p.parent, p.granularity, '${from.slice(0, 10)}')`;
  return `
    set local lock_timeout = ${lockTimeout === 0 ? noTimeout : lockTimeout};
    ${isLast ? "" : asynchronous}
    select c.partition::text, c.created
    from public.partition_policies p
    cross join lateral ${call} c
    where p.parent = ${policy.oid}::oid`;
}

/** The last commit waits for the disk, and with it all before it. */
const asynchronous = "set local synchronous_commit = off;";

async function lockWarning(
  database: Database,
  policy: Policy,
  { failure, patience }: { readonly failure: LockFailure; readonly patience: LockPatience },
): Promise<string> {
  const { name, times, pause } = failure;
  const found = await locks(database, [policy.oid]);
  const lines = [
    `${name.replace(/^t/, "T")} did not get its locks within ${formatDuration(patience.lockTimeout)} ` +
      `(attempt ${times} of ${patience.lockRetries + 1}); trying again in ${formatDuration(pause)}.`,
    ...describeSessions(found),
  ];
  return lines.join("\n  ");
}
