import { describe, expect, test } from "vitest";
import { changesBetween, unpaired, type Change } from "../../../src/slow-queries/changes.ts";
import {
  keyOf,
  sinceReset,
  type Statement,
  type Window,
} from "../../../src/slow-queries/reading.ts";
import { reading, statement } from "./readings.ts";

function windowOf(statements: readonly Statement[]): Window {
  return sinceReset(reading(statements));
}

interface Given {
  readonly digests?: ReadonlyMap<string, string>;
  readonly byText?: boolean;
}

function changes(
  earlier: readonly Statement[],
  later: readonly Statement[],
  { digests = new Map(), byText = false }: Given = {},
): Change[] {
  const windows = { earlier: windowOf(earlier), later: windowOf(later), byText };
  return changesBetween({ ...windows, digests });
}

function calls(count: number, duration: number, spread = 0): number[] {
  return Array.from({ length: count }, (_, n) => duration + (n % 2 === 0 ? spread : -spread));
}

test("what is slower comes with its factor and the time that it adds, whatever the number of calls", () => {
  const [change, ...others] = changes(
    [statement(calls(100, 10, 2))],
    [statement(calls(30, 41, 5))],
  );
  expect(others).toEqual([]);
  expect(change).toMatchObject({
    change: "slower",
    before: { calls: 100, execTime: 1000, mean: 10 },
    after: { calls: 30, execTime: 1230, mean: 41 },
  });
  expect(change?.factor).toBeCloseTo(4.1);
  expect(change?.addedTime).toBeCloseTo(30 * 31);
});

test("what costs most more comes first, what saves most last", () => {
  const before = [
    statement([10, 10], { queryId: "1" }),
    statement([100, 100], { queryId: "2" }),
    statement([500], { queryId: "3" }),
    statement([50, 50], { queryId: "5" }),
  ];
  const after = [
    statement([100, 100], { queryId: "1" }),
    statement([10, 10], { queryId: "2" }),
    statement([300], { queryId: "4" }),
    statement([50, 50], { queryId: "5" }),
  ];
  expect(
    changes(before, after).map(({ change, statement: { queryId }, addedTime }) => [
      change,
      queryId,
      Math.round(addedTime),
    ]),
  ).toEqual([
    ["new", "4", 300],
    ["slower", "1", 180],
    ["faster", "2", -180],
    ["gone", "3", -500],
  ]);
});

describe("not told is", () => {
  test("what has become slower by less than half", () => {
    expect(changes([statement([10, 10])], [statement([14, 14])])).toEqual([]);
    expect(changes([statement([10, 10])], [statement([16, 16])])).toHaveLength(1);
  });

  test("what its own spread explains", () => {
    expect(changes([statement([1, 30, 5])], [statement([40, 2, 30])])).toEqual([]);
    expect(changes([statement(calls(99, 12, 9))], [statement(calls(99, 24, 9))])).toHaveLength(1);
  });

  test("what nobody would feel", () => {
    const large = statement(calls(100, 100), { queryId: "9" });
    expect(changes([large, statement([1, 1])], [large, statement([40, 40])])).toEqual([]);
    expect(changes([large, statement([1, 1])], [large, statement([60, 60])])).toHaveLength(1);
    expect(changes([large], [large, statement([50])])).toEqual([]);
  });
});

test("a single call that took much longer is told", () => {
  expect(changes([statement([60_000])], [statement([600_000])])).toMatchObject([
    { change: "slower", factor: 10 },
  ]);
});

test("an entry that was only planned did not run", () => {
  const planned = statement([], { plans: 3 });
  expect(changes([planned], [statement([5])])).toMatchObject([{ change: "new", before: null }]);
});

describe("by its text is found again", () => {
  const old = statement([10, 10], { queryId: "1" });
  const anew = statement([30, 30], { queryId: "2" });
  const sameText = new Map([old, anew].map((each) => [keyOf(each), "a"]));

  test("a statement whose table was created anew", () => {
    expect(changes([old], [anew], { digests: sameText })).toMatchObject([
      { change: "slower", factor: 3, statement: { queryId: "2" } },
    ]);
    expect(changes([old], [anew])).toMatchObject([{ change: "new" }, { change: "gone" }]);
  });

  test("but not one of another role, or within a function", () => {
    for (const other of [{ user: "b", userId: 11 }, { isTopLevel: false }]) {
      const foreign = statement([30, 30], { queryId: "2", ...other });
      const digests = new Map([old, foreign].map((each) => [keyOf(each), "a"]));
      expect(changes([old], [foreign], { digests }).map(({ change }) => change)).toContain("gone");
    }
  });

  test("every statement, where the server numbers in another way: two that have become one are one", () => {
    const two = [old, statement([20, 20], { queryId: "3" })];
    const digests = new Map([...two, anew].map((each) => [keyOf(each), "a"]));
    expect(changes(two, [anew], { digests, byText: true })).toMatchObject([
      { change: "slower", factor: 2, before: { calls: 4 }, after: { calls: 2 } },
    ]);
    // The same number may be another statement's.
    const taken = statement([90, 90], { queryId: "1" });
    const others = new Map([
      [keyOf(old), "a"],
      [keyOf(taken), "a"],
    ]);
    expect(unpaired({ earlier: windowOf([old]), later: windowOf([taken]), byText: true })).toEqual([
      old,
      taken,
    ]);
    expect(changes([old], [taken], { digests: others, byText: true })).toMatchObject([
      { change: "slower", factor: 9 },
    ]);
  });
});
