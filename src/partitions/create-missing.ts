import { isLockError } from "../db/lock-retry.ts";
import type { Failure } from "../output/results.ts";
import { showSteps } from "../output/steps.ts";
import { count, shortName } from "../output/units.ts";
import { coveredUntil } from "./coverage.ts";
import { createOne, type TableWork } from "./create-one.ts";
import { failureOf } from "../db/failure.ts";
import type { LockPatience } from "./lock-patience.ts";
import { periods, plan } from "./queries.ts";
import type { CreatedParent } from "./results.ts";
import type { Period, PlanRow, Policy } from "./rows.ts";

export interface CreateInput {
  /** How many partitions there are to be after the present one; undefined: as each policy says. */
  readonly ahead?: number | undefined;
  /** Create those between two others too. */
  readonly fillHoles: boolean;
  readonly patience: LockPatience;
}

/**
 * Creates the partitions that tables lack, each in a transaction of its own, so that its locks are held for no longer
 * than it takes to create one. What cannot be created does not stop the rest; a lock that is never to be had ends the
 * work on its table, because the next partition needs the same.
 */
export async function createMissing(
  work: Omit<TableWork, "policy" | "patience">,
  parents: readonly Policy[],
  input: CreateInput,
): Promise<CreatedParent[]> {
  // Sent together, in one round trip.
  const planned = await Promise.all(
    parents.map(async ({ oid }) =>
      plan(work.database, { parent: oid, ahead: input.ahead }).catch(failureOf),
    ),
  );
  const results: CreatedParent[] = [];
  for (const [place, policy] of parents.entries()) {
    const rows = planned[place] ?? [];
    results.push(
      "message" in rows
        ? unplanned(policy, rows)
        : await createOn({ ...work, policy, patience: input.patience }, rows, input.fillHoles),
    );
  }
  return results;
}

function unplanned({ parent }: Policy, failure: Failure): CreatedParent {
  return {
    parent,
    created: [],
    failed: [{ ...failure, from: null, to: null }],
    coveredUntil: null,
  };
}

async function createOn(
  work: TableWork,
  rows: readonly PlanRow[],
  fillHoles: boolean,
): Promise<CreatedParent> {
  const { policy } = work;
  const wanted: (Period | null)[] = await wantedPeriods(work, rows, fillHoles);
  if (lacksCatchAll(policy, rows)) wanted.push(null);
  const { created, failed } =
    wanted.length === 0 ? { created: [], failed: [] } : await createEach(work, wanted);
  const all = [...rows, ...created.map(asExisting)].toSorted(byLowerBound);
  const until = coveredUntil(all, new Date());
  return { parent: policy.parent, created, failed, coveredUntil: until ?? null };
}

/** Creates the partitions of the periods, and the catch-all partition for null. */
async function createEach(
  work: TableWork,
  wanted: readonly (Period | null)[],
): Promise<Pick<CreatedParent, "created" | "failed">> {
  const { policy, output } = work;
  const created: CreatedParent["created"] = [];
  const failed: CreatedParent["failed"] = [];
  const steps = await showSteps(output, words);
  steps.begin(partitionsOf(policy, wanted.length));
  for (const [place, period] of wanted.entries()) {
    const { lower_bound: from, upper_bound: to } = period ?? withoutPeriod;
    steps.tell(`${place + 1} of ${wanted.length}`);
    try {
      const made = await createOne(work, { from, isLast: place === wanted.length - 1 });
      if (made !== undefined) created.push({ ...made, from, to });
    } catch (error) {
      failed.push({ ...failureOf(error), from, to });
      // A tail is moved on period by period.
      if (isLockError(error) || policy.catch_all === "tail") break;
    }
  }
  if (failed.length === 0) steps.end(partitionsOf(policy, created.length));
  else steps.fail();
  return { created, failed };
}

/** The catch-all partition has none. */
const withoutPeriod = { lower_bound: null, upper_bound: null };

function partitionsOf({ parent }: Policy, number: number): string {
  return `${count(number, "partition")} of ${shortName(parent)}`;
}

const words = { begin: "Creating", end: "Created" };

/** True when the policy wants a catch-all partition, and the table has none of its kind. */
export function lacksCatchAll({ catch_all: wanted }: Policy, rows: readonly PlanRow[]): boolean {
  const kind = wanted === "tail" ? "MAXVALUE" : "default";
  return (
    wanted !== "none" &&
    !rows.some(
      ({ state, lower_bound: from }) =>
        state === "catch-all" && (from === null ? "default" : "MAXVALUE") === kind,
    )
  );
}

/** Returns what `create` would try, in the order of time. */
export async function wantedPeriods(
  { database, policy }: Pick<TableWork, "database" | "policy">,
  rows: readonly PlanRow[],
  fillHoles: boolean,
): Promise<Period[]> {
  const holes = fillHoles ? rows.filter(({ state }) => state === "hole") : [];
  const inHoles = await Promise.all(
    holes.map(async ({ lower_bound: from, upper_bound: to }) =>
      periods(database, { parent: policy.oid, from, to }),
    ),
  );
  const missing = rows.flatMap(({ state, lower_bound: from, upper_bound: to }) =>
    state === "missing" && from !== null && to !== null
      ? [{ lower_bound: from, upper_bound: to }]
      : [],
  );
  return [...inHoles.flat(), ...missing];
}

function asExisting({ partition, from, to }: CreatedParent["created"][number]): PlanRow {
  return {
    state: "existing",
    partition,
    oid: null,
    name: partition,
    lower_bound: from,
    upper_bound: to,
    reason: null,
  };
}

function byLowerBound(one: PlanRow, other: PlanRow): number {
  return (one.lower_bound ?? "").localeCompare(other.lower_bound ?? "");
}
