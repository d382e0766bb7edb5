import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import type { Figures } from "../results.ts";
import type { Server } from "../rows.ts";
import { candidatesFor, columnList, type Candidate } from "./candidates.ts";
import { flagsOf } from "./flags.ts";
import { tryIndexes } from "./hypothetical.ts";
import { obstacleOf } from "./obstacle.ts";
import { nodesOf, type PlanNode } from "./plan.ts";
import { withPlanner, type Surroundings } from "./planner.ts";
import { caller, hypoPg, plannedRelations } from "./queries.ts";
import type { Explanation, IndexSuggestion, Obstacle, Remark } from "./results.ts";
import type { PlannedRelation } from "./rows.ts";
import { readStatement, type Statement } from "./statement.ts";
import { stepsOf } from "./steps.ts";
import { plannedTables, relationKey } from "./tables.ts";

/** A statement that is to be explained: its text, whose it is, and what its executions cost. */
export interface Explained {
  readonly query: string | null;
  readonly user: string | null;
  readonly database: string | null;
  readonly isTopLevel: boolean;
  readonly figures: Pick<Figures, "mean" | "calls">;
}

/**
 * Explains a statement without its values and without executing it: its plan, what that points to, and the indexes that
 * would make it cheaper. Takes the locks of planning for a moment: ACCESS SHARE on what is read, ROW EXCLUSIVE on what is
 * changed.
 */
export async function explainStatement(
  database: Database,
  server: Server,
  explained: Explained,
): Promise<Explanation> {
  const statement = await statementOf(explained, server);
  if ("name" in statement) return unexplained(statement);
  const around = await surroundingsOf(database, server, explained);
  const { role, searchPath } = around;
  const target: Target = { database, statement, around };
  const base = { ...unexplained(null), role: role ?? server.user, searchPath };
  try {
    const plan = await withPlanner(database, target, async (planner) => {
      // The first time, the session has to learn of the tables, which counts as planning too.
      await planner();
      return planner();
    });
    const relations = await relationsIn(database, plan.root);
    const tables = plannedTables(plan.root, relations);
    const { indexes, remark } = await indexesFor(target, candidatesFor(tables));
    return {
      ...base,
      planningTime: plan.planningTime,
      plan: stepsOf(plan.root, relations),
      flags: flagsOf(plan, tables, explained.figures),
      indexes,
      remarks: [
        ...remarksOn(statement, base.role, explained),
        ...(remark === undefined ? [] : [remark]),
      ],
    };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { user: owner, isTopLevel } = explained;
    const asked = { role: base.role, owner, searchPath, isTopLevel };
    return { ...base, obstacle: obstacleOf({ error, ...asked }) };
  }
}

interface Target {
  readonly database: Database;
  readonly statement: Statement;
  readonly around: Surroundings;
}

function unexplained(obstacle: Obstacle | null): Explanation {
  return {
    obstacle,
    role: null,
    searchPath: null,
    planningTime: null,
    plan: [],
    flags: [],
    indexes: [],
    remarks: [],
  };
}

async function statementOf(
  { query, database }: Explained,
  server: Server,
): Promise<Statement | Obstacle> {
  if (database !== server.database) {
    const where = database === null ? "a database that has been dropped" : `database "${database}"`;
    return {
      name: "other_database",
      message: `It belongs to ${where}, and the connection is to "${server.database}".`,
      cure: database === null ? null : `Connect to "${database}": the same --url with that name.`,
    };
  }
  if (query !== null) return readStatement(query);
  return { name: "no_text", message: "Its text has been evicted.", cure: null };
}

async function surroundingsOf(
  database: Database,
  server: Server,
  { user }: Explained,
): Promise<Surroundings> {
  const [row] = await caller(database, [user]);
  if (row === undefined) throw new Error("The query for the caller returned no row.");
  const isOther = user !== null && user !== row.current_user && row.can_be_set;
  return {
    role: isOther ? user : null,
    searchPath: row.search_path,
    major: Number.parseInt(server.version, 10),
  };
}

async function relationsIn(
  database: Database,
  root: PlanNode,
): Promise<ReadonlyMap<string, PlannedRelation>> {
  const scanned = nodesOf(root).flatMap((node) => node.scanned ?? []);
  const named = new Map(
    scanned.map(({ schema, name }) => [relationKey({ schema, name }), { schema, name }]),
  );
  if (named.size === 0) return new Map();
  const rows = await plannedRelations(database, [...named.values()]);
  return new Map(rows.map((row) => [relationKey(row), row]));
}

async function indexesFor(
  target: Target,
  candidates: readonly Candidate[],
): Promise<{ indexes: IndexSuggestion[]; remark?: Remark }> {
  if (candidates.length === 0) return { indexes: [] };
  const { database } = target;
  const [installed] = await hypoPg(database);
  const schema = installed?.schema ?? null;
  if (schema === null)
    return { indexes: [], remark: missingHypoPg(candidates, installed?.is_available) };
  try {
    const indexes = await withPlanner(database, target, async (planner) =>
      tryIndexes({ database, schema, planner }, candidates),
    );
    return { indexes };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const message = `No index could be tried out with HypoPG: ${error.message}.`;
    return { indexes: [], remark: { name: "hypopg_failed", message, cure: null } };
  }
}

function missingHypoPg(candidates: readonly Candidate[], isAvailable = false): Remark {
  const lists = candidates.map((each) => `${each.relation.root} (${columnList(each)})`);
  return {
    name: "hypopg_missing",
    message: `With the extension HypoPG, it would be tried out whether an index makes it cheaper: ${lists.join(", ")}.`,
    cure: isAvailable
      ? "CREATE EXTENSION hypopg;"
      : "Install its package on the server, such as postgresql-17-hypopg; then: CREATE EXTENSION hypopg;",
  };
}

function remarksOn({ hasSquashedList }: Statement, planner: string, { user }: Explained): Remark[] {
  const remarks: (Remark | false)[] = [
    hasSquashedList && {
      name: "squashed_list",
      message:
        "A list of values is explained as if it had one: with many, the plan may be another.",
      cure: null,
    },
    user !== planner && {
      name: "other_rights",
      message: `It is planned as role "${planner}", and not as ${user === null ? "its own, which has been dropped" : `"${user}"`}: where rows are protected by policies, the plan may be another.`,
      cure: null,
    },
  ];
  return remarks.filter((remark) => remark !== false);
}
