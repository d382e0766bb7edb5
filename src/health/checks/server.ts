import { sqlFile } from "../../db/sql-file.ts";
import {
  count,
  formatBytes,
  formatDuration,
  formatMoment,
  formatNumber,
} from "../../output/units.ts";
import { check, type Check } from "../check.ts";
import type { FindingRow } from "../rows.ts";
import { since } from "../words.ts";

export const serverChecks: readonly Check[] = [
  check<{ failures: number; last_at: string }>({
    name: "checksum_failures",
    level: "error",
    sentence: "Pages that were not read as they had been written",
    advice:
      "The disk or its controller damages data. Take the server to another machine from a backup; the log names the pages. SELECT pg_stat_reset(); in the database starts the count anew.",
    needs: ["checksums"],
    query: sqlFile<FindingRow>("health/checksum_failures.sql"),
    say: ({ failures, last_at: last }) =>
      `${count(failures, "page")} with a wrong checksum, the last at ${formatMoment(last)}`,
  }),
  check<{ kind: string; transactions: number; multixacts: number; tables: number | null }>({
    name: "wraparound",
    level: "error",
    sentence: "Databases and tables in which VACUUM has not frozen old rows for too long",
    advice:
      "At 2 thousand million the server refuses to write. See first what holds VACUUM up: old transactions, prepared ones and replication slots.",
    query: sqlFile<FindingRow>("health/wraparound.sql"),
    say: ({ kind, transactions, multixacts, tables }) =>
      `${kind}${tables !== null && tables > 1 ? ` of ${tables} partitions` : ""}, ${formatNumber(transactions)} transactions and ${formatNumber(multixacts)} multixacts old`,
  }),
  check<{
    type: string;
    active: boolean;
    status: string | null;
    retained: number | null;
    inactive_since: string | null;
  }>({
    name: "replication_slots",
    level: "error",
    sentence: "Replication slots that are lost, that nobody reads, or that retain much WAL",
    advice:
      "The server keeps all WAL that a slot has not seen, until its disk is full. Whoever reads a slot that is dropped has to be set up anew.",
    query: sqlFile<FindingRow>("health/replication_slots.sql"),
    say: ({ type, active, status, retained, inactive_since: inactive }) =>
      [
        `${type} slot`,
        active
          ? "read"
          : `read by nobody${inactive === null ? "" : ` since ${formatMoment(inactive)}`}`,
        ...(retained === null ? [] : [`retains ${formatBytes(retained)} of WAL`]),
        ...(status === "lost" || status === "unreserved" ? [`its WAL is ${status}`] : []),
      ].join(", "),
  }),
  check<{
    kind: string;
    state: string | null;
    bytes: number | null;
    milliseconds: number | null;
  }>({
    name: "replication_lag",
    level: "error",
    sentence: "Standbys and subscribers that are behind or do not get anything",
    advice:
      "What they show is old, and with asynchronous replication it is lost when the primary is. See whether the network, the disk or a long query on the standby is slow.",
    needs: ["all statistics"],
    query: sqlFile<FindingRow>("health/replication_lag.sql"),
    say: ({ kind, state, bytes, milliseconds }) =>
      [
        ...(kind === "paused" ? ["replay is paused"] : []),
        ...(kind === "disconnected" ? ["gets nothing from a primary"] : []),
        ...(state === null ? [] : [state]),
        ...(bytes === null ? [] : [`${formatBytes(bytes)} behind`]),
        ...(milliseconds === null ? [] : [`${formatDuration(milliseconds)} behind`]),
      ].join(", "),
  }),
  check<{ failures: number; failed_at: string; archived_at: string | null }>({
    name: "archiver",
    level: "error",
    sentence: "WAL that cannot be archived",
    advice:
      "Backups end before it, and the server keeps it until its disk is full. The log has what archive_command or archive_library says.",
    needs: ["archiving"],
    query: sqlFile<FindingRow>("health/archiver.sql"),
    say: ({ failures, failed_at: failed, archived_at: archived }) =>
      `failed at ${formatMoment(failed)}, ${count(failures, "failure")} so far; the last that was archived: ${archived === null ? "none" : formatMoment(archived)}`,
  }),
  check<{ share: number; reads: number; since: string | null }>({
    name: "cache_hit",
    level: "note",
    sentence: "A database of which less than 90 % of the pages are found in shared_buffers",
    advice:
      'The system\'s own cache may well have had them. See whether shared_buffers fits the machine ("doctor"), and which statements read most.',
    query: sqlFile<FindingRow>("health/cache_hit.sql"),
    say: ({ share, reads, since: from }) =>
      `${(share * 100).toFixed(1)} % of its pages were in memory; ${formatNumber(reads)} were not, ${since(from)}`,
  }),
  check<{ files: number; bytes: number; since: string | null }>({
    name: "temporary_files",
    level: "note",
    sentence: "A database whose sorts and hashes have written more than 10 GB to files",
    advice:
      'With log_temp_files the log shows the statements; a larger work_mem for their role may do ("doctor" says what fits).',
    query: sqlFile<FindingRow>("health/temporary_files.sql"),
    say: ({ files, bytes, since: from }) =>
      `${formatBytes(bytes)} in ${count(files, "temporary file")}, ${since(from)}`,
  }),
];
