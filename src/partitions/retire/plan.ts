import { CliError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
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
  const parents = await parentsNamed(database, names);
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

async function parentsNamed(
  database: Database,
  names: readonly string[],
): Promise<readonly RetireParent[]> {
  const all = await retireParents(database);
  if (names.length === 0) return all;
  const found = new Set<RetireParent>();
  for (const name of names) {
    const oid = await tableNamed(database, name);
    const parent = all.find((each) => each.oid === oid);
    if (parent === undefined) throw policyNotFound(name, oid !== undefined);
    found.add(parent);
  }
  return [...found];
}

/** Finds a table as the user's search_path does; a shell takes the quotes of "Watch History" away. */
async function tableNamed(database: Database, name: string): Promise<number | undefined> {
  for (const text of [name, quoteIdentifier(name)]) {
    try {
      const [row] = (await database.query(
        "select pg_catalog.to_regclass($1)::pg_catalog.oid::pg_catalog.int8::pg_catalog.float8 as oid",
        [text],
      )) as readonly { readonly oid: number | null }[];
      if (typeof row?.oid === "number") return row.oid;
    } catch (error) {
      // SQLSTATEs invalid_name and feature_not_supported, for a name with the wrong number of parts.
      if (!(error instanceof ServerError) || !/^(42602|0A000|42601)$/.test(error.sqlState))
        throw error;
    }
  }
  return undefined;
}

function policyNotFound(name: string, exists: boolean): CliError {
  return new CliError("POLICY_NOT_FOUND", {
    message: exists
      ? `Table "${name}" has no row in partition_policies.`
      : `There is no table "${name}".`,
    hint: 'The tables that have a policy: "doramaflix-db partitions status".',
  });
}
