import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import type { SqlFile } from "../../db/sql-file.ts";
import { failureOf } from "../../db/failure.ts";
import { readPolicies } from "../policies.ts";
import { explain } from "./explain.ts";
import {
  catchAllFindings,
  coverageFindings,
  detachedFindings,
  policyFindings,
  propertyFindings,
  structureFindings,
} from "./queries.ts";
import type { DoctorResult, Finding } from "./results.ts";
import type { FindingRow } from "./rows.ts";

/** What is looked at. */
export interface Scope {
  /** As the user named them; empty: all tables that have a policy. */
  readonly parents: readonly string[];
  /** Whether to count the rows that are alike but for the partition key, which reads each table whole. */
  readonly duplicates: boolean;
}

/** What was found, and how long it took to read the catch-all partition of each table, in milliseconds. */
export interface Examination {
  readonly result: Pick<DoctorResult, "tables" | "findings" | "unexamined">;
  readonly scans: ReadonlyMap<string, number>;
}

/** A table that has a policy. */
interface DoctorTable {
  /** Its object identifier. */
  readonly id: string;
  /** With its schema, quoted where needed. */
  readonly name: string;
  readonly granularity: string;
}

/** In the order in which they are shown. */
const groups: readonly SqlFile<FindingRow>[] = [
  coverageFindings,
  catchAllFindings,
  detachedFindings,
  propertyFindings,
  structureFindings,
];

/** Looks at all tables, one after the other; what cannot be looked at of one does not keep the others from it. */
export async function examine(database: Database, scope: Scope): Promise<Examination> {
  const tables = await tablesOf(database, scope.parents);
  const rows = scope.parents.length === 0 ? [...(await policyFindings(database))] : [];
  const unexamined: DoctorResult["unexamined"] = [];
  const scans = new Map<string, number>();
  for (const table of tables) {
    for (const group of groups) {
      const began = performance.now();
      try {
        const found = await group(database, { parent: table.id });
        rows.push(...(await withDuplicates(database, found, scope)));
        if (group === catchAllFindings) scans.set(table.name, performance.now() - began);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        if (error.sqlState === "DF020") rows.push(invalidPolicy(table, error));
        else unexamined.push({ parent: table.name, failure: failureOf(error) });
        // What one group is refused the others are refused too, except for a lock.
        if (error.sqlState !== "55P03") break;
      }
    }
  }
  const findings = rows.map(explain).toSorted(byLevel);
  return { result: { tables: tables.length, findings, unexamined }, scans };
}

async function tablesOf(
  database: Database,
  parents: readonly string[],
): Promise<readonly DoctorTable[]> {
  const { policies } = await readPolicies(database, parents);
  return policies.map(({ oid, parent, granularity }) => ({
    id: String(oid),
    name: parent,
    granularity,
  }));
}

function invalidPolicy({ name }: DoctorTable, { message, hint }: ServerError): FindingRow {
  return {
    finding: "policy_invalid",
    level: "error",
    parent: name,
    relation: name,
    detail: {
      reason: message,
      hint,
      statements: [
        `delete from public.partition_policies where parent = '${name.replaceAll("'", "''")}'::regclass`,
      ],
    },
  };
}

/** Counts what the query of each logical key finds; it becomes a warning when that is something. */
async function withDuplicates(
  database: Database,
  rows: readonly FindingRow[],
  { duplicates }: Scope,
): Promise<FindingRow[]> {
  const counted: FindingRow[] = [];
  for (const row of rows) {
    const [query] = (row.detail["statements"] ?? []) as readonly string[];
    if (!duplicates || row.finding !== "logical_key" || query === undefined) {
      counted.push(row);
      continue;
    }
    const [found] = await database.query(
      `select pg_catalog.count(*) as keys, coalesce(pg_catalog.sum(rows - 1), 0)::float8 as superfluous from (${query}) repeated`,
    );
    const { keys, superfluous } = found as { keys: number; superfluous: number };
    const level = keys > 0 ? "warning" : row.level;
    counted.push({ ...row, level, detail: { ...row.detail, keys, superfluous } });
  }
  return counted;
}

const levels: readonly Finding["level"][] = ["error", "warning", "note"];

/** The worst first; otherwise as they were found. */
function byLevel(one: Finding, other: Finding): number {
  return levels.indexOf(one.level) - levels.indexOf(other.level);
}
