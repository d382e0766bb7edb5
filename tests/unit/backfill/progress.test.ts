import { expect, test } from "vitest";
import { reasonToWait } from "../../../src/backfill/hold-back.ts";
import { pace } from "../../../src/backfill/progress.ts";

test.for([
  [{ rows: 250, expected: 1000, passed: 1000 }, "25 %, 250 rows, 250 rows/s, 3.00 s left"],
  [{ rows: 1000, expected: 1000, passed: 2000 }, "1000 rows, 500 rows/s"],
  [{ rows: 0, expected: 1000, passed: 0 }, "0 rows, 0 rows/s"],
] as const)("the pace of %o is %s", ([given, expected]) => {
  expect(pace(given)).toBe(expected);
});

test.for([
  [{ lag: 2500, waiting: 0 }, /^replication is 2\.50 s behind, and --max-lag is 2\.00 s$/],
  [{ lag: 0, waiting: 6 }, /^6 sessions of this database wait for locks, and --max-waiting is 5$/],
] as const)("%o is a reason to wait", ([pressure, expected]) => {
  expect(reasonToWait(pressure, { maxLag: 2000, maxWaiting: 5 })).toMatch(expected);
});

test("what is within the limits is none, nor any lag without a limit", () => {
  expect(reasonToWait({ lag: 2000, waiting: 5 }, { maxLag: 2000, maxWaiting: 5 })).toBeUndefined();
  expect(reasonToWait({ lag: 1e9, waiting: 0 }, { maxLag: 0, maxWaiting: 5 })).toBeUndefined();
});
