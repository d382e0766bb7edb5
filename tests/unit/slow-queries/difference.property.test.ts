import * as fc from "fast-check";
import { expect, test } from "vitest";
import { difference } from "../../../src/slow-queries/difference.ts";
import { figuresOf } from "../../../src/slow-queries/figures.ts";
import { keyOf, type Statement, type Window } from "../../../src/slow-queries/reading.ts";
import { reading, spread, statement } from "./readings.ts";

const duration = fc.double({ min: 0, max: 1e5, noNaN: true });
const durations = fc.array(duration, { maxLength: 12 });

/** The calls of an entry before and after the first reading, and what becomes of it between the two. */
const history = fc.record({
  before: durations,
  after: durations,
  fate: fc.constantFrom("kept", "evicted", "back"),
  tellsSince: fc.boolean(),
  key: fc.record({
    userId: fc.integer({ min: 1, max: 3 }),
    databaseId: fc.integer({ min: 1, max: 3 }),
    queryId: fc.constantFrom("-9223372036854775808", "1", "9223372036854775807"),
    isTopLevel: fc.boolean(),
  }),
});
type History = typeof history extends fc.Arbitrary<infer Each> ? Each : never;

function firstEntry({ before, key, tellsSince }: History): Statement[] {
  return before.length === 0
    ? []
    : [statement(before, { ...key, since: tellsSince ? 1000 : null })];
}

function secondEntry(each: History): Statement[] {
  const { before, after, key, fate, tellsSince } = each;
  const isSame = fate === "kept" && before.length > 0;
  const counted = isSame ? [...before, ...after] : after;
  if (fate === "evicted" || counted.length === 0) return [];
  return [statement(counted, { ...key, since: tellsSince ? (isSame ? 1000 : 2000) : null })];
}

/** Before version 1.11, an entry that came back with at least as much of everything cannot be told from one that stayed. */
function isTold(each: History): boolean {
  const { before, after, fate, tellsSince } = each;
  return fate !== "back" || before.length === 0 || tellsSince || after.length < before.length;
}

test("what lies between two readings is what was executed between them, to the standard deviation", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(history.filter(isTold), { selector: ({ key }) => keyOf(key), maxLength: 8 }),
      (histories) => {
        const before = reading(histories.flatMap(firstEntry));
        const after = reading(histories.flatMap(secondEntry), {
          takenAt: "2026-01-03T00:00:00.000Z",
        });
        const window = difference(before, after);
        const found = new Map(window.statements.map((each) => [keyOf(each), each]));
        const expected = histories.filter(
          ({ fate, after: calls }) => fate !== "evicted" && calls.length > 0,
        );
        expect([...found.keys()].toSorted()).toEqual(
          expected.map(({ key }) => keyOf(key)).toSorted(),
        );
        for (const { key, before: earlier, after: calls } of expected) {
          const measured = found.get(keyOf(key)) as Statement;
          const figures = figuresOf(measured, { total: 0, blockSize: 8192 });
          const scale = 1e-5 * Math.max(1, ...earlier, ...calls);
          expect(figures.calls).toBe(calls.length);
          const spreadError = (figures.standardDeviation ?? NaN) - spread(calls);
          expect(Math.abs(spreadError)).toBeLessThan(scale);
          const mean = calls.reduce((sum, each) => sum + each, 0) / calls.length;
          expect(Math.abs(figures.mean - mean)).toBeLessThan(scale);
        }
        expect(window.vanished).toBe(
          before.statements.filter(
            (each) => !after.statements.some((other) => keyOf(other) === keyOf(each)),
          ).length,
        );
      },
    ),
  );
});

test("a reading less itself is nothing", () => {
  fc.assert(
    fc.property(fc.array(durations, { maxLength: 8 }), (all) => {
      const one = reading(all.map((each, n) => statement(each, { queryId: String(n) })));
      expect(difference(one, one)).toMatchObject({ statements: [], vanished: 0, evictions: 0 });
    }),
  );
});

function callsIn(windows: readonly Window[]): number {
  return windows.reduce((all, { statements }) => all + (statements[0]?.calls ?? 0), 0);
}

test("two windows one after the other count as much as the one that spans them", () => {
  fc.assert(
    fc.property(durations, durations, durations, (one, two, three) => {
      const readings = [one, [...one, ...two], [...one, ...two, ...three]].map((calls) =>
        reading([statement(calls)]),
      ) as [ReturnType<typeof reading>, ReturnType<typeof reading>, ReturnType<typeof reading>];
      const parts = [difference(readings[0], readings[1]), difference(readings[1], readings[2])];
      expect(callsIn(parts)).toBe(callsIn([difference(readings[0], readings[2])]));
    }),
  );
});
