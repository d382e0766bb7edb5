import type postgres from "postgres";
import { expect } from "vitest";
import { runCli } from "../../support/cli.ts";

/** The error as --json prints it. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly sqlState?: string;
  readonly location?: { file: string; line: number; column: number; text: string };
  readonly exitCode: number;
}

/** How a refused command ended. */
export interface Refusal {
  readonly exitCode: number | null;
  readonly error: ErrorDocument;
  /** What a person reads. */
  readonly stderr: string;
}

/** Runs a command that must be refused, and checks what holds for every refusal. */
export async function refused(...args: string[]): Promise<Refusal> {
  const { exitCode, stdout, stderr } = await runCli([...args, "--json"]);
  const document = parseJson(stdout, stderr);
  expect(Object.keys(document)).toEqual(["error"]);
  const { error } = document;
  expect(error.exitCode).toBe(exitCode);
  expect(error.code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  expect(error.code).not.toBe("INTERNAL");
  expect(error.message).toMatch(/^.+[.?!]$/s);
  expect(stderr).toContain(`error: ${error.message} (${error.code}`);
  if (error.hint !== undefined) expect(stderr).toContain(`hint: ${error.hint}`);
  return { exitCode, error, stderr };
}

/** The same for a refusal that says what to do next, as each should. */
export async function refusedWithHint(...args: string[]): Promise<Refusal> {
  const refusal = await refused(...args);
  expect(refusal.error.hint, `a way out of: ${refusal.error.message}`).toMatch(/\w{3}/);
  return refusal;
}

function parseJson(stdout: string, stderr: string): { readonly error: ErrorDocument } {
  try {
    return JSON.parse(stdout) as { readonly error: ErrorDocument };
  } catch {
    throw new Error(`No JSON document on stdout: "${stdout}". On stderr: "${stderr}".`);
  }
}

/** What a database holds, to compare before and after. */
export interface DatabaseState {
  /** Relations, functions and types outside the system's schemas, with what makes one differ from another. */
  readonly catalog: readonly string[];
  readonly ledger: readonly unknown[];
  readonly events: readonly unknown[];
}

/** Reads what a database holds. */
export async function stateOf(sql: postgres.Sql): Promise<DatabaseState> {
  const objects = await sql.unsafe<{ object: string }[]>(`
    with schema as (
      select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
    )
    select concat_ws(' ', 'relation', nspname, relname, relkind, relnatts, relowner::regrole) as object
    from pg_class c join schema on schema.oid = relnamespace
    union all
    select concat_ws(' ', 'function', oid::regprocedure, md5(prosrc), proconfig)
    from pg_proc where pronamespace in (select oid from schema)
    union all
    select concat_ws(' ', 'type', nspname, typname, typtype)
    from pg_type t join schema on schema.oid = typnamespace
    order by object`);
  return {
    catalog: objects.map(({ object }) => object),
    ledger: await rowsOf(sql, "schema_migrations"),
    events: await rowsOf(sql, "migration_events"),
  };
}

/** Reads the rows of a table in the order in which they came, where there is such a table. */
async function rowsOf(sql: postgres.Sql, table: string): Promise<unknown[]> {
  const [found] = await sql`select to_regclass(${`public.${table}`}) is not null as found`;
  if (found?.["found"] !== true) return [];
  const rows = await sql.unsafe(`
    select to_jsonb(t) as row
    from public.${table} t
    order by to_jsonb(t) -> 'applied_order', to_jsonb(t) -> 'id', 1`);
  return rows.map((row) => row["row"] as unknown);
}

/** Checks that what is run leaves the database as it is, history included. */
export async function withoutChange<Result>(
  sql: postgres.Sql,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = await stateOf(sql);
  const result = await run();
  expect(await stateOf(sql)).toEqual(before);
  return result;
}

/** Takes the mark "¤" out of a text, and says where it was: its line, and its column in code points. */
export function takeMark(text: string): { text: string; line: number; column: number } {
  const [before = ""] = text.split("¤", 1);
  const lines = before.split(/\r\n|\n/);
  return {
    text: text.replace("¤", ""),
    line: lines.length,
    column: Array.from((lines.at(-1) ?? "").replace(/^\uFEFF/, "")).length + 1,
  };
}
