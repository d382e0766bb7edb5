import { sqlFile } from "../../db/sql-file.ts";
import { count } from "../../output/units.ts";
import { check, type Check } from "../check.ts";
import type { FindingRow } from "../rows.ts";
import { quoted } from "../words.ts";

const constraintKinds: Readonly<Record<string, string>> = {
  c: "check constraint",
  f: "foreign key",
  n: "not-null constraint",
};

export const schemaChecks: readonly Check[] = [
  check<{ value: number; highest: number; column: string | null; type: string | null }>({
    name: "sequences_near_end",
    level: "error",
    sentence: "Sequences that have used three quarters of the numbers their column can hold",
    advice:
      "At the end inserts fail. Changing the type of a column writes its table anew while nobody reads it; columns that refer to it must be changed as well.",
    query: sqlFile<FindingRow>("health/sequences_near_end.sql"),
    say: ({ value, highest, column, type }) =>
      `at ${value} of ${highest} (${((value / highest) * 100).toFixed(0)} %)` +
      (column === null ? "" : `, for ${quoted(column)} of type ${type ?? "?"}`),
  }),
  check<{ tables: number }>({
    name: "tables_without_replica_identity",
    level: "error",
    sentence: "Published tables without a key by which subscribers find a row",
    advice:
      "Every UPDATE and DELETE of them fails. FULL writes the whole old row to the WAL; a primary key is better.",
    query: sqlFile<FindingRow>("health/tables_without_replica_identity.sql"),
    say: ({ tables }) =>
      `no replica identity${tables > 1 ? ` in ${count(tables, "partition")}` : ""}`,
  }),
  check<{ table: string; foreign_keys: number }>({
    name: "disabled_triggers",
    level: "error",
    sentence: "Triggers that are disabled; an error where they enforce foreign keys",
    advice:
      "What was written meanwhile has not been checked: enabling them looks at new rows only.",
    query: sqlFile<FindingRow>("health/disabled_triggers.sql"),
    say: ({ foreign_keys: keys }) =>
      keys === 0 ? "the trigger is disabled" : `${count(keys, "foreign key")} not enforced`,
  }),
  check<{ type: string }>({
    name: "not_validated_constraints",
    level: "warning",
    sentence: "Constraints that hold for new rows only",
    advice:
      "Old rows may break them, and the planner does not rely on them. Validating reads the table, and lets everybody read and write meanwhile.",
    query: sqlFile<FindingRow>("health/not_validated_constraints.sql"),
    say: ({ type }) => `${constraintKinds[type] ?? "constraint"} that was never validated`,
  }),
  check<{ tables: number }>({
    name: "unlogged_tables",
    level: "warning",
    sentence: "Tables that are empty after a crash, and on standbys",
    advice: "SET LOGGED writes the table anew while nobody reads it.",
    query: sqlFile<FindingRow>("health/unlogged_tables.sql"),
    say: ({ tables }) => `unlogged${tables > 1 ? `, ${tables} partitions` : ""}`,
  }),
  check({
    name: "tables_without_primary_key",
    level: "note",
    sentence: "Tables without a primary key",
    advice:
      "Rows that are alike cannot be told apart, and logical replication cannot update or delete them.",
    query: sqlFile<FindingRow>("health/tables_without_primary_key.sql"),
    say: () => "no primary key",
  }),
];
