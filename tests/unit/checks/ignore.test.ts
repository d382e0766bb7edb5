import { expect, test } from "vitest";
import { siftDifferences } from "../../../src/checks/schema/ignore.ts";
import type { Difference } from "../../../src/checks/schema/results.ts";

function difference(kind: string, name: string, relation: string | null = null): Difference {
  return { change: "extra", kind, name, relation, expected: null, actual: "", diff: "" };
}

const differences = [
  difference("table", "public.audit_2", "public.audit_2"),
  difference("constraint", "audit_check on public.audit_2", "public.audit_2"),
  difference("index", "public.book_title", "public.book"),
  difference("index", 'public."Odd (x)"', "public.book"),
  difference("view", "grafana.board", "grafana.board"),
  difference("schema", "grafana"),
  difference("function", "public.f(integer)"),
];

/** What is left of them. */
function left(...patterns: string[]): string[] {
  return siftDifferences(differences, patterns).differences.map(({ name }) => name);
}

const all = differences.map(({ name }) => name);
const allBut = (...places: number[]): string[] =>
  all.filter((_name, place) => !places.includes(place));

test.each([
  ["without patterns all count", [], all],
  ["a table goes with what hangs on it", ["audit_?"], allBut(0, 1)],
  ["the schema public may be written", ["public.audit_2"], allBut(0, 1)],
  ["a kind with a name is that object alone", ["table audit_*"], allBut(0)],
  ["a kind alone is all of them", ["index *"], allBut(2, 3)],
  ["what expressions mean by a sign means itself", ['"Odd (x)"', "f(integer)"], allBut(3, 6)],
  ["another schema is written", ["grafana.*", "board"], allBut(4)],
  ["a pattern is for the whole name", ["audit", "book_titl", ""], all],
  ["a schema is an object", ["schema grafana"], allBut(5)],
  ["upper case is another name", ["AUDIT_2"], all],
])("%s", (_what, patterns, names) => {
  expect(left(...patterns)).toEqual(names);
});

test("each pattern says how much it kept back, also what another did, and that it did nothing", () => {
  expect(siftDifferences(differences, ["audit_2", "audit_*", "gone"]).ignored).toEqual([
    { pattern: "audit_2", differences: 2 },
    { pattern: "audit_*", differences: 2 },
    { pattern: "gone", differences: 0 },
  ]);
});
