import { expect, test } from "vitest";
import { outcomeOf } from "../../../src/matviews/refresh/outcome.ts";
import { RefreshQueue } from "../../../src/matviews/refresh/refresh-queue.ts";
import type { ViewRow } from "../../../src/matviews/rows.ts";

function viewOf(view: string, ...needs: string[]): ViewRow {
  return { oid: 1, view, name: view, level: 0, needs, is_populated: true, is_stale: true };
}

test("views that need each other are handed out one after the other", async () => {
  const [x, y, above] = [viewOf("x", "y"), viewOf("y", "x"), viewOf("above", "y")];
  const queue = new RefreshQueue([x, y, above]);
  expect(await queue.next()).toBe(x);
  const second = queue.next();
  queue.settle(outcomeOf(x, { outcome: "refreshed" }));
  expect(await second).toBe(y);
  queue.settle(outcomeOf(y, { outcome: "refreshed" }));
  expect(await queue.next()).toBe(above);
  queue.settle(outcomeOf(above, { outcome: "refreshed" }));
  expect(await queue.next()).toBeUndefined();
});

test("where the first of them fails, the other is left as it is", async () => {
  const [x, y] = [viewOf("x", "y"), viewOf("y", "x")];
  const queue = new RefreshQueue([x, y]);
  expect(await queue.next()).toBe(x);
  queue.settle(outcomeOf(x, { outcome: "failed" }));
  expect(await queue.next()).toBeUndefined();
  expect(queue.outcomes()).toMatchObject([
    { outcome: "failed" },
    { outcome: "skipped", reason: "source_failed", after: ["x"] },
  ]);
});
