import { CliError } from "../../core/errors.ts";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { isLockError, retryOnLock } from "../../db/lock-retry.ts";
import { ServerError } from "../../db/server-error.ts";
import { showSteps, type Steps } from "../../output/steps.ts";
import { count, formatDuration } from "../../output/units.ts";
import { pauses, type LockPatience } from "../lock-patience.ts";
import { failureOf } from "../../db/failure.ts";
import type { Repair } from "./results.ts";

interface Work extends Pick<Context, "output" | "signal"> {
  readonly database: Database;
  readonly patience: LockPatience;
}

/** SQLSTATE of rows in the catch-all that belong into the partition that is created. */
const straysInTheWay = "DF023";

/** Does all repairs, each in a transaction of its own; one that fails does not keep the others from being done. */
export async function doRepairs(work: Work, repairs: readonly Repair[]): Promise<Repair[]> {
  const steps = await showSteps(work.output, { begin: "Repairing", end: "Repaired" });
  const done: Repair[] = [];
  for (const repair of repairs) {
    const isStuck = done.some(
      ({ parent, action, outcome }) =>
        parent === repair.parent && outcome === "failed" && isOfPeriods(action),
    );
    done.push(
      isStuck && isOfPeriods(repair.action)
        ? { ...repair, outcome: "skipped" }
        : await doRepair(work, repair, steps),
    );
  }
  return done;
}

/** With a tail, no period can be created before those that precede it. */
function isOfPeriods(action: Repair["action"]): boolean {
  return action === "create partition" || action === "move rows";
}

async function doRepair(work: Work, repair: Repair, steps: Steps): Promise<Repair> {
  const began = performance.now();
  steps.begin(`${repair.parent}: ${repair.action} ${repair.object}`);
  const ended = (): number => Math.round(performance.now() - began);
  try {
    const rows = await runStatement(work, repair, steps);
    const moved = repair.action === "move rows" || rows !== undefined ? (rows ?? 0) : null;
    steps.end(steps.current ?? "", moved === null ? undefined : count(moved, "row"));
    return { ...repair, rows: moved, outcome: "done", duration: ended() };
  } catch (error) {
    steps.fail();
    if (!(error instanceof ServerError)) throw error;
    work.output.warn(`${repair.parent}: ${repair.action} ${repair.object}: ${error.message}`);
    return { ...repair, outcome: "failed", duration: ended(), failure: failureOf(error) };
  }
}

/**
 * The limit of a role would end a long move each time it is tried, and all that others waited for would be lost. The
 * server may not know transaction_timeout, which came with PostgreSQL 17.
 */
const withoutLimits = `
  select pg_catalog.set_config(s.name, '0', true)
  from pg_catalog.pg_settings s
  where s.name in ('statement_timeout', 'transaction_timeout')`;

/** Runs the statement in a transaction, again while it gets no lock, and returns how many rows it moved, if it did. */
async function runStatement(work: Work, repair: Repair, steps: Steps): Promise<number | undefined> {
  const { database, signal, patience } = work;
  let { statement } = repair;
  const limits = `${withoutLimits};\nset local lock_timeout = ${patience.lockTimeout};\n`;
  const attempt = async (): Promise<number | undefined> => {
    // Who reads the table for long is met now, and not by the lock at the end, when all rows have been moved.
    if (statement.includes("public.move_strays("))
      await database.query(`${limits}lock table only ${repair.parent} in access exclusive mode`);
    const [row] = (await database.query(limits + statement)) as readonly {
      readonly rows?: number;
    }[];
    return row?.rows;
  };
  const { lockRetries } = patience;
  return retryOnLock(
    { ...pauses, lockRetries, signal },
    async () => {
      try {
        return await attempt();
      } catch (error) {
        if (!isOfPeriods(repair.action) || !hasStrays(error)) throw error;
        // They came after the plan was made. Both functions take the same arguments.
        statement = statement.replace("public.create_partition(", "public.move_strays(");
        return attempt();
      }
    },
    {
      nameOf: () => statement,
      failed: ({ error, times, pause }) => {
        if (error instanceof CliError || !isLockError(error)) return;
        steps.tell(
          `${error.message} (attempt ${times} of ${lockRetries + 1}); trying again in ${formatDuration(pause)}`,
        );
      },
    },
  );
}

function hasStrays(error: unknown): boolean {
  return error instanceof ServerError && error.sqlState === straysInTheWay;
}
