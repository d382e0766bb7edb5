import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
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

/** What is done with the rows of a partition that is attached, and with those of the default partition. */
export function attachedTouches({ name }: SyntaxNode, parent: Relation, scope: Scope): Touch[] {
  const partition = findRange(scope, name);
  return [partition, scope.catalog.get(parent.default_partition)].flatMap((each) =>
    each === undefined
      ? []
      : touch(each, "ACCESS EXCLUSIVE", [
          work(
            "scan",
            "each row is checked against the bounds, unless a CHECK implies them",
            !hasCheck(each),
          ),
          ...(each === partition ? missingIndexes(parent, partition) : []),
        ]),
  );
}

/** A partition's own index is taken where it has the same columns; the others are built. */
function missingIndexes(parent: Relation, partition: Relation): TableWork[] {
  const own = new Set((partition.indexes ?? []).map(columnsOf));
  return (parent.indexes ?? [])
    .filter((each) => !own.has(columnsOf(each)))
    .map((each) => work("index build", `an index like "${each.name}"`));
}

function hasCheck({ constraints }: Relation): boolean {
  return constraints?.some(({ kind, validated }) => kind === "c" && validated) === true;
}

function columnsOf({ columns }: NonNullable<Relation["indexes"]>[number]): string {
  return (columns ?? []).join("\n");
}
