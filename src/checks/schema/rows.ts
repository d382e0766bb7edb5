import { z } from "zod";

/** The rows of the queries sql/queries/checks/schema-*.sql; a test compares them with what the server says. */
export const SchemaFacts = z.object({
  version: z.string(),
  version_number: z.number(),
  database: z.string(),
  is_standby: z.boolean(),
  usual_owner: z.string(),
  has_engine: z.boolean(),
  has_ddl_events: z.boolean(),
  records_ddl: z.boolean(),
});
export type SchemaFacts = z.infer<typeof SchemaFacts>;

/** The one form of what every query for objects returns. */
export const ObjectRow = z.object({
  /** Its catalog and its number there: "pg_class/16384". */
  address: z.string(),
  kind: z.string(),
  schema: z.string().nullable(),
  /** As COMMENT ON wants it: "public.a", "a_check on public.a", "public.f(integer)". */
  name: z.string(),
  /** The table, view or domain that it is or belongs to. */
  relation: z.string().nullable(),
  /** The statements that create it, one a line or more. */
  definition: z.string(),
});
export type ObjectRow = z.infer<typeof ObjectRow>;

export const PropertyRow = z.object({
  address: z.string(),
  /** The number of the column, 0 for the object itself. */
  part: z.number(),
  /** Of a statement that names the owner. */
  owner: z.string().nullable(),
  statement: z.string(),
});
export type PropertyRow = z.infer<typeof PropertyRow>;

export const PrivilegeRow = z.object({
  address: z.string(),
  /** For default privileges, which belong to no object: whose they are, and for what. */
  default_privileges: z.string().nullable(),
  statement: z.string(),
});
export type PrivilegeRow = z.infer<typeof PrivilegeRow>;

export const DependencyRow = z.object({
  address: z.string(),
  needs: z.string(),
  is_part: z.boolean(),
});
export type DependencyRow = z.infer<typeof DependencyRow>;

export const OwnObject = z.object({ name: z.string(), is_partition: z.boolean() });
export type OwnObject = z.infer<typeof OwnObject>;

export const AppliedVersion = z.object({ version: z.string() });
export type AppliedVersion = z.infer<typeof AppliedVersion>;

export const RoleName = z.object({ name: z.string() });
export type RoleName = z.infer<typeof RoleName>;

export const DdlEventRow = z.object({
  /** Its name, as of an object row. */
  object: z.string(),
  occurred_at: z.date(),
  command: z.string(),
  user: z.string(),
  application: z.string(),
  address: z.string().nullable(),
});
export type DdlEventRow = z.infer<typeof DdlEventRow>;

/** A function for plpgsql_check to look into; a trigger function with a table that calls it. */
const PlpgsqlBody = z.object({
  function: z.number(),
  object: z.string(),
  relation: z.number(),
  old_table: z.string().nullable(),
  new_table: z.string().nullable(),
});
export type PlpgsqlBody = z.infer<typeof PlpgsqlBody>;

export const PlpgsqlCheck = z.object({
  database: z.string(),
  /** Quoted; null where the extension is not created. */
  schema: z.string().nullable(),
  bodies: z.array(PlpgsqlBody),
});
export type PlpgsqlCheck = z.infer<typeof PlpgsqlCheck>;

/** What plpgsql_check says; the names of its columns are its own. */
export interface BodyProblem {
  readonly object: string;
  readonly lineno: number | null;
  readonly level: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly query: string | null;
}
