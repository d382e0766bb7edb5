import { sqlFile } from "../../db/sql-file.ts";
import { count, formatBytes, formatNumber } from "../../output/units.ts";
import { check, type Check } from "../check.ts";
import type { FindingRow } from "../rows.ts";
import { quoted, since } from "../words.ts";

export const indexChecks: readonly Check[] = [
  check<{ table: string; unique: boolean; lacking: readonly string[] }>({
    name: "invalid_indexes",
    level: "warning",
    sentence: "Indexes that are not valid, and that nobody is building",
    advice:
      "Queries do not use them and writers keep most of them up. A unique one that is not valid does not keep rows unique, and cannot be built where they are not.",
    needs: ["primary"],
    query: sqlFile<FindingRow>("health/invalid_indexes.sql"),
    say: ({ table, unique, lacking }) =>
      `${unique ? "unique index" : "index"} of ${quoted(table)}` +
      (lacking.length > 0 ? `, which ${count(lacking.length, "partition")} of it lack` : ""),
  }),
  check<{ table: string; columns: string; referenced: string; rows: number }>({
    name: "foreign_keys_without_index",
    level: "warning",
    sentence: "Foreign keys whose columns no index begins with",
    advice:
      "Each row that is deleted from the other table, or gets another key, reads this one whole, under a lock. On a partitioned table CREATE INDEX stops writers while it runs.",
    query: sqlFile<FindingRow>("health/foreign_keys_without_index.sql"),
    say: ({ columns, referenced, rows }) =>
      `(${columns}) to ${quoted(referenced)}, ${formatNumber(rows)} rows`,
  }),
  check<{ scans: number; rows_read: number; index_scans: number; since: string | null }>({
    name: "missing_indexes",
    level: "warning",
    sentence: "Large tables that are read whole again and again: candidates for an index",
    advice:
      "The statements that read them show which columns to index. Reports that need most rows are no reason for one.",
    query: sqlFile<FindingRow>("health/missing_indexes.sql"),
    say: ({ scans, rows_read: read, index_scans: indexScans, since: from }) =>
      `read whole ${count(scans, "time")}, ${formatNumber(read)} rows in all, and ${count(indexScans, "time")} by an index, ${since(from)}`,
  }),
  check<{ table: string; other: string; same: boolean; size: number }>({
    name: "duplicate_indexes",
    level: "warning",
    sentence: "Indexes that equal another one (warning), or that another one begins with (note)",
    advice:
      "Each costs writers time and memory. One that is only the beginning of another is smaller, and may be worth it for queries that read much of it.",
    query: sqlFile<FindingRow>("health/duplicate_indexes.sql"),
    say: ({ other, same, size }) =>
      `${same ? "the same as" : "the beginning of"} ${quoted(other)}, ${formatBytes(size)}`,
  }),
  check<{ table: string; size: number; since: string | null }>({
    name: "unused_indexes",
    level: "warning",
    sentence: "Indexes that no query has used: a note in the first month of the statistics",
    advice: "Each server counts for itself: look at the standbys too, where reports may use them.",
    query: sqlFile<FindingRow>("health/unused_indexes.sql"),
    say: ({ table, size, since: from }) =>
      `index of ${quoted(table)}, ${formatBytes(size)}, not used ${since(from)}`,
  }),
  check<{ size: number; bloat: number }>({
    name: "table_bloat",
    level: "warning",
    sentence: "Tables and materialized views more than half empty, by an estimate",
    advice:
      "An estimate from statistics, without TOAST. VACUUM FULL and REFRESH lock out everybody while they write the table anew; pg_repack and pg_squeeze do not.",
    query: sqlFile<FindingRow>("health/table_bloat.sql"),
    say: ({ size, bloat }) => `about ${formatBytes(bloat)} of ${formatBytes(size)} are empty`,
  }),
  check<{ size: number; bloat: number }>({
    name: "index_bloat",
    level: "warning",
    sentence: "B-tree indexes more than half empty, by an estimate",
    advice: "An estimate from statistics. REINDEX CONCURRENTLY needs the room for a second one.",
    query: sqlFile<FindingRow>("health/index_bloat.sql"),
    say: ({ size, bloat }) => `about ${formatBytes(bloat)} of ${formatBytes(size)} are empty`,
  }),
];
