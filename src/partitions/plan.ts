import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { lacksCatchAll, wantedPeriods } from "./create-missing.ts";
import { failureOf } from "../db/failure.ts";
import { readPolicies } from "./policies.ts";
import { locks, plan, sizes, statements } from "./queries.ts";
import type { PlannedParent, PlanResult } from "./results.ts";
import type { PlanRow, Policy } from "./rows.ts";

export interface PlanInput {
  readonly parents: readonly string[];
  readonly ahead?: number | undefined;
  readonly fillHoles: boolean;
}

/** Returns what `partitions create` would do with the same input, and what that would lock; changes nothing. */
export async function planPartitions(
  { withDatabase }: Pick<Context, "withDatabase">,
  { parents, ...input }: PlanInput,
): Promise<PlanResult> {
  return withDatabase(async (database) => {
    const { name, policies } = await readPolicies(database, parents);
    const planned: PlannedParent[] = [];
    for (const policy of policies) {
      planned.push(
        await planParent(database, policy, input).catch((error: unknown) => ({
          parent: policy.parent,
          failed: failureOf(error),
          missing: [],
          locks: [],
          scans: [],
        })),
      );
    }
    return { database: name, parents: planned };
  });
}

async function planParent(
  database: Database,
  policy: Policy,
  { ahead, fillHoles }: Omit<PlanInput, "parents">,
): Promise<PlannedParent> {
  const { oid, parent } = policy;
  const rows = await plan(database, { parent: oid, ahead });
  const wanted = await wantedPeriods({ database, policy }, rows, fillHoles);
  if (wanted.length === 0 && !lacksCatchAll(policy, rows))
    return { parent, failed: null, missing: [], locks: [], scans: [] };
  const days = wanted.map(({ lower_bound: day }) => day);
  const until = wanted.at(-1)?.upper_bound ?? null;
  const [found, held, sized] = await Promise.all([
    statements(database, { parent: oid, days, until }),
    locks(database, [oid]),
    sizes(database, [oid]),
  ]);
  const missing = (from: string | null, to: string | null, reason: string): Missing => {
    const own = found.filter((row) => row.day === from);
    const list = own.map(({ statement }) => statement);
    return { partition: own[0]?.partition ?? "", from, to, reason, statements: list };
  };
  const partitions = wanted.map(({ lower_bound: from, upper_bound: to }) => {
    const planned = rows.find((row) => row.lower_bound === from && row.state === "missing");
    return missing(from, to, planned?.reason ?? "lies between two others");
  });
  const catchAll = missing(null, null, "takes the rows for which there is no other");
  return {
    parent,
    failed: null,
    missing: catchAll.statements.length === 0 ? partitions : [...partitions, catchAll],
    locks: [...held],
    scans: catchAlls(rows).map(({ partition, oid: each }) => ({
      partition: partition ?? "",
      size: sized.find((row) => row.oid === each)?.size ?? null,
    })),
  };
}

type Missing = PlannedParent["missing"][number];

/** ATTACH looks whether one of their rows belongs into the new partition. */
function catchAlls(rows: readonly PlanRow[]): PlanRow[] {
  return rows.filter(({ state }) => state === "catch-all");
}
