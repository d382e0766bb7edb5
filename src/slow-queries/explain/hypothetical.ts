import { quoteLiteral } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { ownMark } from "../../db/sql-file.ts";
import { statementFor, type Candidate } from "./candidates.ts";
import { buildStatements } from "./index-statements.ts";
import type { Planner } from "./planner.ts";
import type { IndexSuggestion } from "./results.ts";

/** A plan is worth an index from this on: what is left of its cost. */
const worthwhile = 0.8;

/** An index with more columns is better only where it is that much cheaper. */
const noticeable = 0.9;

/** Where hypothetical indexes are made, and for which plan. */
interface Trial {
  readonly database: Database;
  /** The schema of HypoPG, quoted. */
  readonly schema: string;
  readonly planner: Planner;
}

/**
 * Tries candidates out with HypoPG, which makes the planner believe that they exist, and returns those that make the plan
 * much cheaper: for each table the best one. Nothing is built.
 */
export async function tryIndexes(
  trial: Trial,
  candidates: readonly Candidate[],
): Promise<IndexSuggestion[]> {
  const { root } = await trial.planner();
  const best = new Map<string, IndexSuggestion>();
  for (const candidate of candidates) {
    const tried = await tryIndex(trial, candidate);
    const before = best.get(candidate.relation.root);
    const limit = before === undefined ? root.cost * worthwhile : limitBeside(before, candidate);
    if (tried.cost < limit)
      best.set(candidate.relation.root, suggestion(candidate, root.cost, tried));
  }
  return [...best.values()].toSorted((one, other) => one.costAfter - other.costAfter);
}

function limitBeside({ columns, costAfter }: IndexSuggestion, candidate: Candidate): number {
  return candidate.columns.length > columns.length ? costAfter * noticeable : costAfter;
}

interface Tried {
  readonly cost: number;
  readonly bytes: number | null;
}

async function tryIndex(
  { database, schema, planner }: Trial,
  candidate: Candidate,
): Promise<Tried> {
  await database.query("savepoint without_index");
  const created = `${schema}.hypopg_create_index(${quoteLiteral(statementFor(candidate))})`;
  let index: number | undefined;
  try {
    index = await numberIn(
      database,
      `select ${ownMark} h.indexrelid::bigint as number from ${created} h`,
    );
    const { root } = await planner();
    const bytes = await numberIn(
      database,
      `select ${ownMark} ${schema}.hypopg_relation_size(${index}) as number`,
    );
    return { cost: root.cost, bytes: bytes ?? null };
  } finally {
    // It lives in the session's memory, which rolling back does not touch.
    const dropped =
      index === undefined ? "" : `; select ${ownMark} ${schema}.hypopg_drop_index(${index})`;
    await database.queryToEnd(`rollback to savepoint without_index${dropped}`);
  }
}

async function numberIn(database: Database, query: string): Promise<number | undefined> {
  const [row] = (await database.query(query)) as readonly { readonly number: number }[];
  return row?.number;
}

function suggestion(
  { relation, columns }: Candidate,
  costBefore: number,
  { cost, bytes }: Tried,
): IndexSuggestion {
  return {
    table: relation.root,
    columns: columns.map(({ column, order }) => column + order),
    costBefore,
    costAfter: cost,
    bytes,
    presentIndexes: relation.index_count,
    writes: {
      inserted: relation.inserted,
      updated: relation.updated,
      deleted: relation.deleted,
      hotUpdated: relation.hot_updated,
      since: relation.stats_reset?.toISOString() ?? null,
    },
    statements: buildStatements({ relation, columns }),
  };
}
