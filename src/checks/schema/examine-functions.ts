import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { ownMark } from "../../db/sql-file.ts";
import { count } from "../../output/units.ts";
import type { Report } from "../report.ts";
import type { Found } from "../results.ts";
import { facts, ownObjects, plpgsqlCheck } from "./queries.ts";
import type { BodyProblem, PlpgsqlBody } from "./rows.ts";

/** Has plpgsql_check look into the functions of the live database, where that is wanted, and reports what it finds. */
export async function examineFunctions(
  { withDatabase }: Pick<Context, "withDatabase">,
  report: Report,
): Promise<void> {
  if (!report.wants("functions")) return;
  const examined = await report.measure("functions", async () => withDatabase(examine));
  if ("obstacle" in examined) {
    report.leaveOut("functions", examined.obstacle);
    return;
  }
  report.add("functions", examined.found);
  report.note("functions", examined.note);
}

type Examined =
  | { readonly found: readonly Found[]; readonly note: string }
  | { readonly obstacle: string };

async function examine(database: Database): Promise<Examined> {
  const [row] = await plpgsqlCheck(database);
  if (row === undefined) throw new Error("The query for plpgsql_check returned no row.");
  const { database: name, schema, bodies } = row;
  if (schema === null) return { obstacle: `database "${name}" has no extension plpgsql_check` };
  const own = await engineRoutines(database);
  const foreign = bodies.filter(({ object }) => !own.has(object));
  const looked = new Set(foreign.map((body) => body.function)).size;
  return {
    found: await lookInto(database, schema, foreign),
    note: `${count(looked, "function")} in PL/pgSQL of database "${name}"`,
  };
}

/** The tool's own, which build statements for what each version of the server has. */
async function engineRoutines(database: Database): Promise<ReadonlySet<string>> {
  const [server] = await facts(database);
  const own = server?.has_engine === true ? await ownObjects(database) : [];
  return new Set(own.map(({ name }) => name));
}

/** The schema of an extension is no parameter of a statement. It comes quoted. */
async function lookInto(
  database: Database,
  schema: string,
  bodies: readonly PlpgsqlBody[],
): Promise<readonly Found[]> {
  const rows = await database.query(
    `select ${ownMark} b.object, r.lineno, r.level, r.sqlstate, r.message, r.detail, r.hint, r.query
    from jsonb_to_recordset($1::jsonb)
      b (function oid, object text, relation oid, old_table name, new_table name)
    cross join lateral ${schema}.plpgsql_check_function_tb(
      b.function::regprocedure, b.relation::regclass, oldtable => b.old_table, newtable => b.new_table
    ) r`,
    [bodies],
  );
  return (rows as readonly BodyProblem[]).map(foundBy);
}

/** A table that is not there may be a temporary one, which the function or its caller makes. */
const undefinedTable = "42P01";

function foundBy(problem: BodyProblem): Found {
  const { object, lineno, level, sqlstate, message, detail, hint, query } = problem;
  const isError = level === "error" && sqlstate !== undefinedTable;
  return {
    rule: level === "error" ? "function-fails" : "function-doubtful",
    level: isError ? "error" : "warning",
    message: [
      lineno === null ? message : `Line ${lineno} of the body: ${message}`,
      detail,
      query === null ? null : `In: ${query}`,
    ]
      .filter((part) => part !== null)
      .join("\n"),
    cure: hint,
    location: null,
    object: `function ${object}`,
  };
}
