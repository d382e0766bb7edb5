import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { View } from "../output/output.ts";
import { showSteps, type Steps } from "../output/steps.ts";
import { count } from "../output/units.ts";
import { requirePrimary } from "../db/primary.ts";
import { detach, end, finalize } from "./retire/detach.ts";
import { drop } from "./retire/drop.ts";
import { failureOf } from "./retire/failure.ts";
import { planRetirement, readFacts, type Item, type RetirePlan } from "./retire/plan.ts";
import type { RetiredPartition, RetireResult } from "./retire/results.ts";
import type { RetirePatience, RetireWork } from "./retire/retire-work.ts";
import { lockRun } from "./retire/run-lock.ts";

export interface RetireInput {
  /** The tables, as the user names them; none for all. */
  readonly parents: readonly string[];
  readonly dryRun: boolean;
  /** Drop what was detached long enough ago. */
  readonly drop: boolean;
  /** Do not ask before. */
  readonly yes: boolean;
  /** Where the rows are written before they are dropped. */
  readonly folder: string | undefined;
  readonly patience: RetirePatience;
  /** Shows what is to be dropped before it is asked for. */
  readonly view: View<RetireResult>;
}

/**
 * Completes what an interrupted run has left, detaches the partitions that are older than they are kept, and drops,
 * where it is asked to, those that were detached long enough ago. What fails for one does not stop the others.
 */
export async function retire(
  { output, signal, withDatabase }: Context,
  input: RetireInput,
): Promise<RetireResult> {
  if (input.folder !== undefined) await requireFolder(input.folder);
  return withDatabase(async (database) => {
    const { database: name, is_standby: isStandby } = await readFacts(database);
    const work = { database, output, signal, patience: input.patience };
    const resultOf = ({ items, failed }: RetirePlan, dryRun: boolean): RetireResult => ({
      database: name,
      dryRun,
      partitions: items.map(({ shown }) => shown),
      failed: [...failed],
    });
    const planned = await plan(work, input);
    if (input.dryRun) return resultOf(planned, true);
    requirePrimary({ database: name, standby: isStandby });
    const drops = planned.items.filter(isDrop);
    if (drops.length > 0) {
      if (!input.yes) output.preview(resultOf({ items: drops, failed: [] }, true), input.view);
      const what = `Drop ${count(drops.length, "detached partition")} in database "${name}" for ever?`;
      await output.confirm(what, input);
    }
    await lockRun(work);
    await limitLocksOnly(work);
    // What another run did meanwhile is over, and what has become due meanwhile was not shown.
    const agreed = new Set(planned.items.map(keyOf));
    const now = await plan(work, input);
    const items = now.items.filter((item) => agreed.has(keyOf(item)) || isRecovery(item));
    await runItems(work, items, input);
    return resultOf({ ...now, items }, false);
  });
}

async function plan({ database }: RetireWork, input: RetireInput): Promise<RetirePlan> {
  const planned = await planRetirement(database, input.parents);
  for (const { shown } of planned.items)
    if (shown.action === "drop" && !input.drop) shown.state = "not asked";
  return planned;
}

function isDrop({ shown }: Item): boolean {
  return shown.action === "drop" && shown.state === "planned";
}

function isRecovery({ shown }: Item): boolean {
  return ["finalize", "record", "withdraw"].includes(shown.action);
}

function keyOf({ row }: Item): string {
  return `${row.action} ${row.relation}`;
}

/** For the statements that must not stop in the middle: no limit but that of a lock, after which they are repeated. */
async function limitLocksOnly({ database, patience }: RetireWork): Promise<void> {
  await database.query(`
    select pg_catalog.set_config(s.name, '0', false)
    from pg_catalog.pg_settings s
    where s.name in (
      'statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout'
    );
    set lock_timeout = ${patience.lockTimeout}`);
}

/** What the actions of a plan do; "wait" and "keep" are there to be read only. */
const actions: Partial<
  Record<
    RetiredPartition["action"],
    (work: RetireWork, item: Item, input: RetireInput) => Promise<void>
  >
> = {
  finalize,
  record: async (work, { row }) => void (await end(work, row.retirement)),
  withdraw: async (work, { row }) => void (await end(work, row.retirement)),
  detach,
  drop: async (work, item, { folder }) => {
    item.shown.export = await drop(work, item, folder);
  },
};

async function runItems(
  work: RetireWork,
  items: readonly Item[],
  input: RetireInput,
): Promise<void> {
  const recovery = items.filter(isRecovery);
  // A partition that cannot be finalized lets no other of its table be detached concurrently.
  const stuck = new Set<number>();
  const steps = await showSteps(work.output, { begin: "Retiring", end: "Retired" });
  for (const item of [...recovery, ...items.filter((each) => !isRecovery(each))]) {
    const act = actions[item.shown.action];
    if (act === undefined || item.shown.state !== "planned") continue;
    if (item.shown.action === "detach" && stuck.has(item.parent.oid)) {
      leave(item);
      continue;
    }
    const isDone = await runOne(work, item, { steps, act: async () => act(work, item, input) });
    if (item.shown.action === "finalize" && !isDone) stuck.add(item.parent.oid);
  }
}

function leave({ row, shown }: Item): void {
  shown.state = "failed";
  shown.failure = {
    message: `"${row.name}" was not detached: another partition of its table is half detached.`,
    detail: null,
    hint: "Complete that one first.",
    sqlState: null,
  };
}

interface Act {
  readonly steps: Steps;
  readonly act: () => Promise<void>;
}

/** Returns whether it succeeded. */
async function runOne(
  { signal }: RetireWork,
  { row, shown }: Item,
  { steps, act }: Act,
): Promise<boolean> {
  signal.throwIfAborted();
  const began = performance.now();
  steps.begin(`${row.name}: ${shown.action}`);
  try {
    await act();
    shown.state = "done";
    shown.duration = Math.round(performance.now() - began);
    steps.end(`${row.name}: ${shown.action}`);
    return true;
  } catch (error) {
    steps.fail();
    shown.failure = failureOf(error);
    shown.state = "failed";
    return false;
  }
}

/** Before anything is asked or detached. */
async function requireFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new Error("It is no folder.");
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CliError("USAGE", {
      message: `Nothing can be exported into "${folder}".`,
      detail: (error as Error).message,
      hint: "Create the folder, or let yourself write into it. Nothing was changed.",
      cause: error,
    });
  }
}
