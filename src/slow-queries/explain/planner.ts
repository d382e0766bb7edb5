import { quoteIdentifier, quoteLiteral } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { ownMark } from "../../db/sql-file.ts";
import { nodesOf, readPlan, type Plan } from "./plan.ts";
import type { Statement } from "./statement.ts";

/** As whom and in which search_path a statement is planned. */
export interface Surroundings {
  /** Null for our own role. */
  readonly role: string | null;
  readonly searchPath: string;
  /** The server's major version. */
  readonly major: number;
}

/** Makes a plan of the statement, as often as it is asked to. */
export type Planner = () => Promise<Plan>;

/**
 * Gives `run` a planner. All happens in one transaction that reads only and is rolled back: planning executes functions
 * that are declared immutable or stable, whatever they do. As the role whose statement it is, they have no more rights
 * than they have anyway. Nothing waits for a lock or plans for long.
 */
export async function withPlanner<Result>(
  database: Database,
  { statement, around }: { readonly statement: Statement; readonly around: Surroundings },
  run: (planner: Planner) => Promise<Result>,
): Promise<Result> {
  try {
    await database.query(beginning(around));
    return await run(async () =>
      around.major >= 16 ? planGeneric(database, statement) : planPrepared(database, statement),
    );
  } finally {
    await database.queryToEnd("rollback");
  }
}

function beginning({ role, searchPath }: Surroundings): string {
  return [
    "begin isolation level read committed read only",
    "set local statement_timeout = '10s'",
    "set local lock_timeout = '1s'",
    "set local plan_cache_mode = force_generic_plan",
    ...(role === null ? [] : [`set local role ${quoteIdentifier(role)}`]),
    `select ${ownMark} pg_catalog.set_config('search_path', ${quoteLiteral(searchPath)}, true)`,
  ].join(";\n");
}

const explain = `explain ${ownMark}`;

async function planGeneric(database: Database, { text }: Statement): Promise<Plan> {
  return readPlan(
    await database.query(`${explain} (generic_plan, verbose, summary, format json) ${text}`),
  );
}

/**
 * Before 16, a prepared statement has the same plan. A condition on a partition key that is compared with no value takes
 * all partitions out of it, so that then the plan is made without that.
 */
async function planPrepared(database: Database, statement: Statement): Promise<Plan> {
  const plan = await explainPrepared(database, statement);
  if (!nodesOf(plan.root).some(({ lacksPartitions }) => lacksPartitions)) return plan;
  await database.query("set local enable_partition_pruning = off");
  return explainPrepared(database, statement);
}

async function explainPrepared(database: Database, { text, parameters }: Statement): Promise<Plan> {
  const name = "doramaflix_db_explained";
  const values = parameters === 0 ? "" : ` (${Array(parameters).fill("null").join(", ")})`;
  await database.query("savepoint unprepared");
  await database.query(`prepare ${name} as ${text}`);
  try {
    return readPlan(
      await database.query(`${explain} (verbose, summary, format json) execute ${name}${values}`),
    );
  } finally {
    // Rolling back does not take a prepared statement away, and a pooler's session outlives ours.
    await database.queryToEnd(`rollback to savepoint unprepared; deallocate ${name}`);
  }
}
