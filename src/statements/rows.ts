import { z } from "zod";

/** The row of the query in sql/queries/statements/; at run time only its type is used, as in src/migrations/rows.ts. */
const CatalogRelation = z.object({
  oid: z.number(),
  schema: z.string(),
  name: z.string(),
  /** The name as the session would write it, with its schema where that is needed. */
  text: z.string(),
  /** pg_class.relkind */
  kind: z.string(),
  /** pg_class.relpersistence */
  persistence: z.string(),
  owner: z.string(),
  is_owner: z.boolean(),
  can_drop: z.boolean(),
  /** REFRESH, CLUSTER and REINDEX are for the owner, and from PostgreSQL 17 on for MAINTAIN; null for other kinds. */
  can_maintain: z.boolean().nullable(),
  /** On the table or on any of its columns. */
  privileges: z.array(z.string()),
  access_method: z.string().nullable(),
  parents: z.array(z.number()).nullable(),
  default_partition: z.number().nullable(),
  /** Of an index. */
  table: z.number().nullable(),
  /** What a view or a materialized view reads. */
  reads: z.array(z.number()).nullable(),
  /** Of these the columns, each as the relation and a name. */
  reads_columns: z.array(z.tuple([z.number(), z.string()])).nullable(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        type: z.number(),
        type_text: z.string(),
        modifier: z.number(),
        collation: z.string().nullable(),
        not_null: z.boolean(),
      }),
    )
    .nullable(),
  constraints: z
    .array(
      z.object({
        name: z.string(),
        /** pg_constraint.contype */
        kind: z.string(),
        validated: z.boolean(),
        /** One that a partition has from its parent. */
        inherited: z.boolean(),
        references: z.number().nullable(),
        /** pg_constraint.confdeltype and confupdtype */
        delete_action: z.string(),
        update_action: z.string(),
        deferrable: z.boolean(),
        /** Initially. */
        deferred: z.boolean(),
        /** Of a check constraint. */
        definition: z.string().nullable(),
        columns: z.array(z.string()).nullable(),
        referenced_columns: z.array(z.string()).nullable(),
      }),
    )
    .nullable(),
  indexes: z
    .array(
      z.object({
        name: z.string(),
        /** Without expressions and without a condition. */
        plain: z.boolean(),
        columns: z.array(z.string()).nullable(),
      }),
    )
    .nullable(),
  triggers: z.number(),
});
export type CatalogRelation = z.infer<typeof CatalogRelation>;

export const CatalogRow = z.object({
  asked: z.record(z.string(), z.number()),
  relations: z.array(CatalogRelation),
  types: z.array(
    z.object({
      key: z.string(),
      oid: z.number(),
      modifier: z.number(),
      /** What a domain is made of. */
      base: z.number().nullable(),
      collation: z.string().nullable(),
      has_default: z.boolean(),
      is_constrained: z.boolean(),
    }),
  ),
  functions: z.array(
    z.object({
      schema: z.string().nullable(),
      name: z.string(),
      volatile: z.boolean(),
      opaque: z.boolean(),
    }),
  ),
  /** Whether objects may be created there, by the name of the schema. */
  schemas: z.record(z.string(), z.boolean()),
  /** Those that are asked for and not installed. */
  extensions: z.array(z.object({ name: z.string(), superuser: z.boolean() })),
  can_create: z.boolean(),
  default_schema: z.string().nullable(),
  database: z.string(),
  binary_casts: z.array(z.array(z.number())),
});
export type CatalogRow = z.infer<typeof CatalogRow>;
