import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Constraint, Relation } from "./catalog.ts";
import {
  findRange,
  touch,
  withDescendants,
  type Scope,
  type TableWork,
  type Touch,
  work,
} from "./footprint.ts";

/** The partition itself, its own partitions, and the default partition, whose rows may belong into the new one. */
export function partitionTouches({ name }: SyntaxNode, parent: Relation, scope: Scope): Touch[] {
  const partition = findRange(scope, name);
  return [
    ...touch(withDescendants(scope, partition), "ACCESS EXCLUSIVE"),
    ...touch(scope.catalog.get(parent.default_partition), "ACCESS EXCLUSIVE"),
    ...touch(scope.catalog.referenced(parent), "SHARE ROW EXCLUSIVE"),
  ];
}

/**
 * What is done with the rows of a partition that is attached, and with those of the default partition; and the tables
 * that lose triggers.
 */
export function attachedTouches({ name }: SyntaxNode, parent: Relation, scope: Scope): Touch[] {
  const partition = findRange(scope, name);
  const examined = [partition, scope.catalog.get(parent.default_partition)].flatMap((each) =>
    each === undefined
      ? []
      : touch(each, "ACCESS EXCLUSIVE", [
          work(
            "scan",
            "each row is checked against the bounds, unless a CHECK implies them",
            !hasCheck(each),
          ),
          ...(each === partition
            ? [...missingIndexes(parent, partition), ...missingForeignKeys(parent, partition)]
            : []),
        ]),
  );
  return [...examined, ...touch(losingTriggers(parent, partition, scope), "ACCESS EXCLUSIVE")];
}

/** A foreign key of its own that the partition keeps has triggers on the table to which it refers; these are dropped. */
function losingTriggers(
  parent: Relation,
  partition: Relation,
  { catalog }: Scope,
): (Relation | undefined)[] {
  const wanted = new Set((parent.constraints ?? []).map(keyOf));
  return (partition.constraints ?? [])
    .filter(({ references }) => references !== null)
    .filter(({ validated }) => validated || catalog.serverVersion >= 180_000)
    .filter((each) => wanted.has(keyOf(each)))
    .map(({ references }) => catalog.get(references));
}

/** A partition's own index is taken where it has the same columns; the others are built. */
function missingIndexes(parent: Relation, partition: Relation): TableWork[] {
  const own = new Set((partition.indexes ?? []).map(columnsOf));
  return (parent.indexes ?? [])
    .filter((each) => !own.has(columnsOf(each)))
    .map((each) => work("index build", `an index like "${each.name}"`));
}

/** A partition's own foreign key is taken where it says the same and is validated; otherwise all rows are looked up. */
function missingForeignKeys(parent: Relation, partition: Relation): TableWork[] {
  const own = new Set(
    (partition.constraints ?? []).filter(({ validated }) => validated).map(keyOf),
  );
  return (parent.constraints ?? [])
    .filter((each) => each.references !== null && !own.has(keyOf(each)))
    .map((each) => work("scan", `the foreign key "${each.name}" is checked`));
}

function keyOf(key: Constraint): string {
  const { references, columns, delete_action, update_action, deferrable, deferred } = key;
  const parts = [references, columns?.toSorted(), delete_action, update_action];
  return JSON.stringify([...parts, deferrable, deferred]);
}

function hasCheck({ constraints }: Relation): boolean {
  return constraints?.some(({ kind, validated }) => kind === "c" && validated) === true;
}

function columnsOf({ columns }: NonNullable<Relation["indexes"]>[number]): string {
  return (columns ?? []).join("\n");
}
