/**
 * What is counted, and the columns of pg_stat_statements that it is the sum of, each under all the names that it has had.
 * Times are in milliseconds, sizes in bytes or blocks. All of them only grow while an entry lives.
 */
const columnsOf = {
  calls: [["calls"]],
  execTime: [["total_exec_time", "total_time"]],
  rows: [["rows"]],
  plans: [["plans"]],
  planTime: [["total_plan_time"]],
  sharedHit: [["shared_blks_hit"]],
  sharedRead: [["shared_blks_read"]],
  sharedDirtied: [["shared_blks_dirtied"]],
  sharedWritten: [["shared_blks_written"]],
  localRead: [["local_blks_read"]],
  localWritten: [["local_blks_written"]],
  tempRead: [["temp_blks_read"]],
  tempWritten: [["temp_blks_written"]],
  readTime: [
    ["shared_blk_read_time", "blk_read_time"],
    ["local_blk_read_time"],
    ["temp_blk_read_time"],
  ],
  writeTime: [
    ["shared_blk_write_time", "blk_write_time"],
    ["local_blk_write_time"],
    ["temp_blk_write_time"],
  ],
  walRecords: [["wal_records"]],
  walFullPages: [["wal_fpi"]],
  walBytes: [["wal_bytes"]],
  jitTime: [
    ["jit_generation_time"],
    ["jit_inlining_time"],
    ["jit_optimization_time"],
    ["jit_emission_time"],
  ],
} as const satisfies Record<string, readonly (readonly string[])[]>;

export type Counter = keyof typeof columnsOf;

export const counters = Object.keys(columnsOf) as readonly Counter[];

/** What every version of the extension counts. */
type AlwaysCounted = "calls" | "execTime" | "rows";

/** Figures of an extension that does not count them are null. */
export type Counts = Readonly<
  Record<AlwaysCounted, number> & Record<Exclude<Counter, AlwaysCounted>, number | null>
>;

/**
 * Returns what to select from the function pg_stat_statements, as `s`, that has the columns `present`. execSquares, the
 * sum of the squares of all execution times, is what a standard deviation is made of, and can be subtracted as it cannot.
 */
export function expressionsFor(present: readonly string[]): Readonly<Record<string, string>> {
  const available = new Set(present);
  const named = (names: readonly string[]): string | undefined =>
    names.find((name) => available.has(name));
  const summed = counters.map((counter) => {
    const found = columnsOf[counter].flatMap((names) => named(names) ?? []);
    return [counter, found.map((name) => `s.${name}`).join(" + ") || "null"] as const;
  });
  const mean = named(["mean_exec_time", "mean_time"]);
  const deviation = named(["stddev_exec_time", "stddev_time"]);
  const squares =
    mean === undefined || deviation === undefined
      ? "null"
      : `s.calls * (s.${mean} * s.${mean} + s.${deviation} * s.${deviation})`;
  const longest = named(["max_exec_time", "max_time"]);
  return {
    userId: "s.userid::bigint",
    databaseId: "s.dbid::bigint",
    queryId: "s.queryid::text",
    isTopLevel: available.has("toplevel") ? "s.toplevel" : "true",
    since: available.has("stats_since")
      ? "extract(epoch from s.stats_since)::float8 * 1000"
      : "null",
    maxTime: longest === undefined ? "null" : `s.${longest}`,
    execSquares: squares,
    ...Object.fromEntries(summed),
  };
}
