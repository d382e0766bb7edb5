import { expect, test } from "vitest";
import { unifiedDiff } from "../../../src/core/text-diff.ts";

test("a difference is shown with three lines around it", () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  expect(unifiedDiff(before, before.replace("5\n", "five\n"))).toBe(
    "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8",
  );
});

test("of two texts that are the same nothing is shown", () => {
  expect(unifiedDiff("a\n", "a\n")).toBe("");
});
