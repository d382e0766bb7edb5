import { sqlFile } from "../../db/sql-file.ts";
import { count, formatDuration, formatNumber } from "../../output/units.ts";
import { check, type Check } from "../check.ts";
import type { FindingRow } from "../rows.ts";
import { quoted } from "../words.ts";

export const partitionChecks: readonly Check[] = [
  check<{ partitions: number; from: string }>({
    name: "missing_partitions",
    level: "error",
    sentence: "Tables that lack partitions which their policy wants by now",
    advice:
      "Rows of a period without a partition are refused, or go into the catch-all. Run this command every day.",
    needs: ["partitions engine"],
    query: sqlFile<FindingRow>("health/missing_partitions.sql"),
    say: ({ partitions, from }) =>
      `${count(partitions, "partition")} missing, from ${from.slice(0, 10)} on`,
  }),
  check<{ parent: string; rows: number; due: number }>({
    name: "catch_all_rows",
    level: "error",
    sentence: "Rows in tail and default partitions",
    advice:
      "A period whose rows are there cannot get its partition. Those of other periods are in nobody's way.",
    needs: ["partitions engine"],
    query: sqlFile<FindingRow>("health/catch_all_rows.sql"),
    say: ({ parent, rows, due }) =>
      `${count(rows, "row")} of ${quoted(parent)}, ${due} of periods that should have a partition`,
  }),
  check<{ parent: string }>({
    name: "half_detached_partitions",
    level: "error",
    sentence: "Partitions whose concurrent detaching was interrupted",
    advice:
      "Their rows cannot be seen, inserts into their period fail, and no other partition can be detached concurrently.",
    needs: ["all statistics"],
    query: sqlFile<FindingRow>("health/half_detached_partitions.sql"),
    say: ({ parent }) => `half detached from ${quoted(parent)}`,
  }),
];

export const viewChecks: readonly Check[] = [
  check({
    name: "unpopulated_views",
    level: "error",
    sentence: "Materialized views without contents",
    advice: "Every query that reads them fails.",
    query: sqlFile<FindingRow>("health/unpopulated_views.sql"),
    say: () => "has no contents",
  }),
  check<{ age: number | null; every: number; failed_at: string | null; error: string | null }>({
    name: "stale_views",
    level: "error",
    sentence: "Materialized views that are older than their policy allows, or were not refreshed",
    advice:
      "It is an error when they are twice as old, or when the last refresh failed; who reads them gets old figures.",
    needs: ["views engine"],
    query: sqlFile<FindingRow>("health/stale_views.sql"),
    say: ({ age, every, error }) =>
      [
        age === null
          ? "no refresh is known"
          : `${formatDuration(age)} old, ${formatDuration(every)} allowed`,
        ...(error === null ? [] : [`the last refresh failed: ${error}`]),
      ].join("; "),
  }),
];

export const vacuumChecks: readonly Check[] = [
  check<{ tables: number }>({
    name: "autovacuum_off",
    level: "warning",
    sentence: "Tables for which autovacuum is turned off",
    advice: "They grow, and plans are made from old figures, unless somebody vacuums them by hand.",
    query: sqlFile<FindingRow>("health/autovacuum_off.sql"),
    say: ({ tables }) => `autovacuum is off${tables > 1 ? ` for ${tables} partitions` : ""}`,
  }),
  check<{
    dead: number;
    live: number;
    vacuumed_at: string | null;
    analyzed_at: string | null;
  }>({
    name: "dead_rows",
    level: "warning",
    sentence: "Tables with many rows that VACUUM has not removed",
    advice:
      "Queries read them all the same. If VACUUM does not help, an old transaction or a replication slot holds it up.",
    needs: ["primary"],
    query: sqlFile<FindingRow>("health/dead_rows.sql"),
    say: ({ dead, live, vacuumed_at: vacuumed, analyzed_at: analyzed }) =>
      `${formatNumber(dead)} dead rows beside ${formatNumber(live)}; vacuumed ${day(vacuumed)}, analyzed ${day(analyzed)}`,
  }),
  check<{
    rows: number;
    is_partitioned: boolean;
    known: number | null;
    never_analyzed: number;
    changed: number;
  }>({
    name: "missing_statistics",
    level: "warning",
    sentence: "Tables that were never analyzed, or that have changed much since",
    advice:
      "The planner guesses. Autovacuum never analyzes a partitioned table itself, only its partitions.",
    needs: ["primary"],
    query: sqlFile<FindingRow>("health/missing_statistics.sql"),
    say: ({ rows, is_partitioned: isPartitioned, known, never_analyzed: never, changed }) => {
      if (never > 0)
        return `${formatNumber(never)} of ${formatNumber(rows)} rows were never analyzed`;
      if (isPartitioned && changed < 10_000)
        return (known ?? -1) < 0
          ? `never analyzed as a whole, with ${formatNumber(rows)} rows`
          : `analyzed as a whole when it had ${formatNumber(known ?? 0)} rows, of now ${formatNumber(rows)}`;
      return `${formatNumber(changed)} of ${formatNumber(rows)} rows have changed since it was analyzed`;
    },
  }),
];

function day(moment: string | null): string {
  return moment === null ? "never" : moment.slice(0, 10);
}
