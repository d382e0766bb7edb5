import { expect, test } from "vitest";
import { difference } from "../../../src/slow-queries/difference.ts";
import { CliError } from "../../../src/core/errors.ts";
import type { ServerIdentity, Statement } from "../../../src/slow-queries/reading.ts";
import { reading, server, statement } from "./readings.ts";

const before = reading([statement([10, 20, 30])]);

test("after a reset in between, everything counts from zero, and the window begins there", () => {
  const statsReset = "2026-01-02T12:00:00.000Z";
  const after = reading([statement([10, 20, 30, 5, 5])], { statsReset, dealloc: 2 });
  expect(difference(before, after)).toMatchObject({
    wasReset: true,
    from: statsReset,
    evictions: 2,
    vanished: 0,
    statements: [{ calls: 5, maxTime: 30 }],
  });
});

test("evictions in between are counted, and the longest time of an entry that stayed is not known", () => {
  const after = reading([statement([10, 20, 30, 5])], { dealloc: 3 });
  expect(difference(before, after)).toMatchObject({
    evictions: 3,
    statements: [{ calls: 1, execTime: 5, maxTime: null }],
  });
});

test("what only one version of the extension counts is not known of the time between", () => {
  const old = reading([statement([1], { walBytes: null })]);
  const { statements } = difference(old, reading([statement([1, 1], { walBytes: 8000 })]));
  expect(statements).toMatchObject([{ calls: 1, walBytes: null }]);
});

test("hidden statements are subtracted as a sum", () => {
  const owner = { userId: 1, user: "a", databaseId: 1, database: "b" };
  const hidden = (calls: number, execTime: number): object => ({
    hidden: [{ ...owner, statements: 3, calls, execTime }],
  });
  expect(difference(reading([], hidden(5, 50)), reading([], hidden(7, 80)))).toMatchObject(
    hidden(2, 30),
  );
  expect(difference(reading([], hidden(5, 50)), reading([], hidden(1, 80)))).toMatchObject(
    hidden(0, 30),
  );
});

test.each<[what: string, after: Partial<ServerIdentity>]>([
  ["of another cluster", { systemIdentifier: "1" }],
  [
    "of another server of the cluster, a standby",
    { address: "10.0.0.8", startedAt: "2026-01-02T00:00:00Z", timeline: null },
  ],
  ["of a server that started earlier", { startedAt: "2025-01-02T00:00:00Z" }],
])("a reading %s is refused", (_what, changed) => {
  const after = { ...before, server: { ...server, ...changed } };
  expect(() => difference(before, after)).toThrow(CliError);
  expect(() => difference(before, after)).toThrow("another server");
});

test("a restart in between is told, and another address of the same server does not matter", () => {
  const restarted = { ...server, startedAt: "2026-01-02T00:00:00.000Z" };
  expect(difference(before, { ...before, server: restarted })).toMatchObject({
    wasRestarted: true,
  });
  const unknown = { ...server, systemIdentifier: null, address: "10.0.0.9" };
  expect(difference(before, { ...before, server: unknown })).toMatchObject({
    wasRestarted: false,
  });
});

test("after a failover, the statistics are those of another server, also at the same address", () => {
  const promoted = { ...server, startedAt: "2026-01-02T00:00:00.000Z", timeline: 2 };
  expect(() => difference(before, { ...before, server: promoted })).toThrow("another server");
  const moved = { ...server, startedAt: "2026-01-02T00:00:00.000Z", address: "", port: 0 };
  expect(difference(before, { ...before, server: moved })).toMatchObject({ wasRestarted: true });
});

/** A statement that was called so often, and one that it called. */
function all(count: number): Statement[] {
  const calls = (duration: number): number[] => Array.from({ length: count }, () => duration);
  return [statement(calls(10)), statement(calls(1), { queryId: "2", isTopLevel: false })];
}

test("what is hidden in one of the readings is subtracted as a sum, whoever took the other", () => {
  const owner = { userId: 10, user: "app", databaseId: 5, database: "shop" };
  const sums = (calls: number, execTime: number): object => ({
    hidden: [{ ...owner, statements: 2, calls, execTime }],
  });
  const added = { statements: [], hidden: [{ ...owner, statements: 2, calls: 4, execTime: 20 }] };
  expect(difference(reading(all(3)), reading([], sums(10, 50)))).toMatchObject(added);
  expect(difference(reading([], sums(6, 30)), reading(all(5)))).toMatchObject(added);
  const mine = statement([7], { userId: 11, user: "me", queryId: "3" });
  const seen = difference(reading([...all(3), mine]), reading([mine], sums(10, 50)));
  expect(seen).toMatchObject({ ...added, vanished: 0 });
});
