import { unifiedDiff } from "../../core/text-diff.ts";
import type { SchemaObject } from "./assemble-objects.ts";
import type { Difference } from "./results.ts";

/**
 * Names the objects in which two databases differ, by kind and name. What hangs on a table that is missing or extra is
 * not told apart from it; what hung on a partition may have gone with it.
 */
export function compareObjects(
  expected: readonly SchemaObject[],
  actual: readonly SchemaObject[],
): Difference[] {
  const wanted = byKey(expected);
  const found = byKey(actual);
  const differences = [...new Set([...wanted.keys(), ...found.keys()])]
    .toSorted()
    .flatMap((key) => {
      const difference = differenceOf(wanted.get(key), found.get(key));
      return difference === undefined ? [] : [difference];
    });
  const whole = new Set(
    differences
      .filter(({ change, name, relation }) => change !== "changed" && name === relation)
      .map(({ name }) => name),
  );
  return differences.filter(
    ({ name, relation }) => relation === null || relation === name || !whole.has(relation),
  );
}

function byKey(objects: readonly SchemaObject[]): Map<string, SchemaObject> {
  return new Map(objects.map((object) => [`${object.kind}:${object.name}`, object]));
}

function differenceOf(
  expected: SchemaObject | undefined,
  actual: SchemaObject | undefined,
): Difference | undefined {
  const object = actual ?? expected;
  const before = definitionOf(expected);
  const after = definitionOf(actual);
  if (object === undefined || before === after) return undefined;
  if (after === null && object.isPassing) return undefined;
  return {
    change: changeOf(before, after),
    kind: object.kind,
    name: object.name,
    relation: object.relation,
    expected: before,
    actual: after,
    diff: unifiedDiff(lines(before), lines(after)),
  };
}

function definitionOf(object: SchemaObject | undefined): string | null {
  return object === undefined ? null : object.definition;
}

function changeOf(before: string | null, after: string | null): Difference["change"] {
  if (before === null) return "extra";
  return after === null ? "missing" : "changed";
}

function lines(text: string | null): string {
  return text === null ? "" : `${text}\n`;
}
