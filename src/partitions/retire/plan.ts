import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { tablesNamed } from "../tables-named.ts";
import { failureOf } from "./failure.ts";
import { retiredDrops, retireFacts, retirements, retireParents } from "./queries.ts";
import type { RetiredPartition, RetireResult } from "./results.ts";
import type { RetiredDrop, RetireFacts, Retirement, RetireParent } from "./rows.ts";

/** What is to be done with one partition, and what became of it. */
export interface Item {
  readonly parent: RetireParent;
  readonly row: Omit<Retirement, "method">;
  /** Filled in as it is done. */
  readonly shown: RetiredPartition;
}

export interface RetirePlan {
  readonly items: readonly Item[];
  readonly failed: RetireResult["failed"];
}

/** Returns what the database is; throws ENGINE_MISSING. */
export async function readFacts(database: Database): Promise<RetireFacts> {
  const [facts] = await retireFacts(database);
  if (facts?.has_engine === true) return facts;
  throw new CliError("ENGINE_MISSING", {
    message: "This database has no engine of doramaflix-db, or an older one.",
    hint: 'Install it: "doramaflix-db migrate".',
  });
}

/** Returns what is to be done with the partitions of the tables that are named, or of all; throws POLICY_NOT_FOUND. */
export async function planRetirement(
  database: Database,
  names: readonly string[],
): Promise<RetirePlan> {
  const parents = await tablesNamed(database, await retireParents(database), names);
  const drops = await retiredDrops(database);
  const items: Item[] = [];
  const failed: RetireResult["failed"] = [];
  for (const parent of parents) {
    try {
      const rows = await retirements(database, [parent.oid]);
      items.push(...rows.map(({ method, ...row }) => itemOf(parent, row, method)));
    } catch (error) {
      failed.push({ parent: parent.parent, ...failureOf(error) });
    }
    const own = drops.filter((drop: RetiredDrop) => drop.parent === parent.parent);
    items.push(...own.map((row) => itemOf(parent, row, null)));
  }
  return { items, failed };
}

function itemOf(parent: RetireParent, row: Item["row"], method: string | null): Item {
  return {
    parent,
    row,
    shown: {
      parent: parent.parent,
      partition: row.name,
      from: row.lower_bound,
      to: row.upper_bound,
      action: row.action as RetiredPartition["action"],
      method: method as RetiredPartition["method"],
      reason: row.reason,
      state: "planned",
      size: row.size,
      rows: row.rows,
      duration: null,
      export: null,
      failure: null,
    },
  };
}
