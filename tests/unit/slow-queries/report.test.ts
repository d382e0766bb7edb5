import { describe, expect, test } from "vitest";
import { adviceOn } from "../../../src/slow-queries/advice.ts";
import { expressionsFor } from "../../../src/slow-queries/columns.ts";
import { figuresOf } from "../../../src/slow-queries/figures.ts";
import { explainProblem } from "../../../src/slow-queries/problem.ts";
import { sinceReset, type Statement } from "../../../src/slow-queries/reading.ts";
import { ranked, type Choice } from "../../../src/slow-queries/report.ts";
import type { Server } from "../../../src/slow-queries/rows.ts";
import { kindOf, type Kind } from "../../../src/slow-queries/texts.ts";
import { reading, statement } from "./readings.ts";

test.each<[query: string, kind: Kind]>([
  ["set search_path = $1", "utility"],
  ["COMMIT", "utility"],
  ["-- a word\n/* and /* another */ one */ begin", "utility"],
  ["settle()", "ordinary"],
  ["select 1", "ordinary"],
  ["select /* doramaflix-db */ 1", "own"],
  ["-- What it returns.\nwith /* doramaflix-db */ a as (select 1) select * from a", "own"],
  ["select '/* doramaflix-db */'", "ordinary"],
  ["/* begin", "ordinary"],
  ["", "ordinary"],
  ["refresh materialized view v", "ordinary"],
])("%j is %s", (query, kind) => {
  expect(kindOf(query)).toBe(kind);
});

test("columns are taken under the names that the extension has", () => {
  const old = expressionsFor(["calls", "total_time", "mean_time", "stddev_time", "blk_read_time"]);
  expect(old).toMatchObject({
    execTime: "s.total_time",
    readTime: "s.blk_read_time",
    walBytes: "null",
    isTopLevel: "true",
  });
  const latest = expressionsFor([
    "total_exec_time",
    "total_time",
    "toplevel",
    "shared_blk_read_time",
    "temp_blk_read_time",
  ]);
  expect(latest).toMatchObject({
    execTime: "s.total_exec_time",
    readTime: "s.shared_blk_read_time + s.temp_blk_read_time",
    isTopLevel: "s.toplevel",
  });
});

test("without a moment of the reset, figures count since the oldest entry, or since nobody knows when", () => {
  const entries = [3000, 1000, null].map((since) => statement([1], { since }));
  expect(sinceReset(reading(entries, { statsReset: null })).from).toBe("1970-01-01T00:00:01.000Z");
  expect(sinceReset(reading([statement([1])], { statsReset: null })).from).toBe(null);
});

test.each<[sort: Choice["sort"], counted: Partial<Statement>]>([
  ["total", { execTime: 1e6 }],
  ["mean", { execTime: 1e6 }],
  ["calls", { calls: 1000 }],
  ["rows", { rows: 1000 }],
  ["io", { readTime: 5 }],
  ["io", { sharedRead: 5 }],
  ["temp", { tempWritten: 5 }],
  ["wal", { walBytes: 5 }],
  ["planning", { planTime: 5 }],
])("--sort %s puts the one with %j first", (sort, counted) => {
  const all = [statement([5]), statement([4], { queryId: "2", ...counted })];
  expect(ranked(all, { sort, minMean: 0 })[0]?.queryId).toBe("2");
  const none = ranked(all, { sort, minMean: 1e7 });
  expect(none).toEqual([]);
});

describe("advice", () => {
  const quiet = figuresOf(statement([1]), { total: 1e6, blockSize: 8192 });
  test.each<[name: string, figures: Partial<typeof quiet>]>([
    ["many_blocks_per_row", { blocksHit: 5000 }],
    ["cached_poorly", { hitRatio: 0.5, blocksRead: 500 }],
    ["spills", { tempBytes: 1 }],
    ["varies", { mean: 20, standardDeviation: 50 }],
    ["many_rows", { rowsPerCall: 2000 }],
    ["many_calls", { calls: 1e6, share: 0.5 }],
    ["planning", { plans: 1, planTime: 2 }],
    ["jit", { jitTime: 0.5 }],
    ["full_page_images", { walBytes: 200_000, walFullPages: 40 }],
  ])("%s comes of %j, and of nothing else", (name, figures) => {
    expect(adviceOn({ ...quiet, ...figures }).map((each) => each.name)).toEqual([name]);
  });

  test("there is none where nothing stands out, or nothing ran", () => {
    expect(adviceOn(quiet)).toEqual([]);
    expect(adviceOn({ ...quiet, calls: 0, tempBytes: 5 })).toEqual([]);
  });
});

test.each([
  ["", '"pg_stat_statements";'],
  ["auto_explain, pg_cron", '"auto_explain", "pg_cron", "pg_stat_statements";'],
  ['"a,b"', "pg_stat_statements"],
  [undefined, "…what it has now…"],
])("what is preloaded now, %j, stays so", (libraries, wanted) => {
  const server = {
    settings: libraries === undefined ? {} : { shared_preload_libraries: libraries },
    extension_version: "1.12",
    user: "app",
  } as unknown as Server;
  expect(explainProblem("not_preloaded", server).cure).toContain(wanted);
});
