import { count } from "../../output/units.ts";
import type { Level } from "../../findings/results.ts";

type Detail = Readonly<Record<string, unknown>>;

/** A convention: what is said of whatever does not follow it. */
export interface Rule {
  /** What users call it, where the query calls it otherwise. */
  readonly rule?: string;
  readonly level: (detail: Detail) => Level;
  readonly say: (detail: Detail) => string;
  readonly cure: string | null;
}

interface Declared<Each extends object> {
  readonly rule?: string;
  readonly level: Level | ((detail: Each) => Level);
  readonly say: (detail: Each) => string;
  readonly cure?: string;
}

/** Declares a rule whose detail has that form. */
function rule<Each extends object = object>({ level, say, cure, ...id }: Declared<Each>): Rule {
  return {
    ...id,
    level: (detail) => (typeof level === "function" ? level(detail as Each) : level),
    say: (detail) => say(detail as Each),
    cure: cure ?? null,
  };
}

/** Of what `health` looks at, all that a schema has without rows too; by the names of its checks. */
export const problemRules: Readonly<Record<string, Rule>> = {
  tables_without_primary_key: rule({
    rule: "no-primary-key",
    level: "warning",
    say: () =>
      "The table has no primary key: rows that are alike cannot be told apart, and logical replication cannot update or delete them.",
    cure: "Give it one while it is small.",
  }),
  foreign_keys_without_index: rule<{ columns: string; referenced: string }>({
    rule: "foreign-key-without-index",
    level: "warning",
    say: ({ columns, referenced }) =>
      `No index begins with the columns (${columns}) of the foreign key: each row that is deleted from ${referenced}, or gets another key, reads the whole table.`,
  }),
  duplicate_indexes: rule<{ other: string; same: boolean }>({
    rule: "duplicate-index",
    level: ({ same }) => (same ? "warning" : "note"),
    say: ({ other, same }) =>
      same
        ? `The index is the same as ${other}, and costs every writer time.`
        : `The index ${other} begins with the columns of this one, and serves most queries as well.`,
  }),
  invalid_indexes: rule<{ table: string }>({
    rule: "invalid-index",
    level: "error",
    say: ({ table }) =>
      `The index of ${table} is not valid: queries do not use it, and writers keep it up.`,
  }),
  not_validated_constraints: rule({
    rule: "constraint-not-validated",
    level: "note",
    say: () => "The constraint holds for new rows only.",
    cure: "Validate it in a later migration, when old rows have been corrected.",
  }),
  missing_partitions: rule<{ partitions: number }>({
    rule: "partition-runway",
    level: "error",
    say: ({ partitions }) =>
      `After all migrations, ${count(partitions, "partition")} are missing that its policy asks for: rows for them are refused, or fill the default partition.`,
  }),
  tables_without_replica_identity: rule({
    rule: "no-replica-identity",
    level: "error",
    say: () =>
      "The table is published without a key by which subscribers find a row: every UPDATE and DELETE of it fails.",
  }),
};

/** By the rules of the queries in sql/queries/checks/. */
export const catalogRules: Readonly<Record<string, Rule>> = {
  "view-not-refreshable-concurrently": rule({
    level: "warning",
    say: () =>
      "No unique index covers all rows of the materialized view by columns alone: each refresh locks its readers out.",
    cure: "Create a unique index on the columns that tell its rows apart, in the file of the view.",
  }),
  "definer-without-search-path": rule({
    level: "error",
    say: () =>
      "The function has the rights of its owner, and looks names up where its caller says: whoever may create a table or a function somewhere can let it run what they like.",
    cure: 'Add "set search_path = pg_catalog, pg_temp" to it, and write the other names with their schemas.',
  }),
  "search-path-not-pinned": rule<{ caller: string }>({
    level: "warning",
    say: ({ caller }) =>
      `The function is called by the ${caller}, and finds what it names only with the right search_path: restoring a dump fails, for there it is empty.`,
    cure: 'Add "set search_path" to it, or write the names with their schemas in a body BEGIN ATOMIC.',
  }),
  "policy-not-in-force": rule({
    level: "error",
    say: () => "The table has policies, and row-level security is off: they have no effect.",
    cure: "alter table … enable row level security",
  }),
  "row-security-without-policy": rule({
    level: "warning",
    say: () =>
      "Row-level security is on and there is no policy: all but the owner and superusers see no row, without any error.",
    cure: "Create a policy for those who are to read it, or turn row-level security off.",
  }),
  "view-past-row-security": rule<{ table: string }>({
    level: "warning",
    say: ({ table }) =>
      `The view shows all rows of ${table} to whoever may read the view, because it reads as its owner, whom the policies do not bind.`,
    cure: "Create it with (security_invoker = true), or revoke the right to read it.",
  }),
  "name-near-limit": rule<{ bytes: number }>({
    level: ({ bytes }) => (bytes > 62 ? "warning" : "note"),
    say: ({ bytes }) =>
      bytes > 62
        ? "The name has 63 bytes, the most that PostgreSQL keeps: most likely it was longer, and has been cut."
        : `The name has ${bytes} bytes of the 63 that PostgreSQL keeps: what it makes of it, such as names of indexes and partitions, is cut.`,
    cure: "Choose a shorter one.",
  }),
};
