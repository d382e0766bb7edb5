import { comparisonsIn, sortColumn, type Comparison } from "./conditions.ts";
import { nodesOf, type PlanNode } from "./plan.ts";
import type { PlannedRelation } from "./rows.ts";

/** A table where a statement names it, with what the plan does there; its partitions are one. */
export interface PlannedTable {
  readonly relation: PlannedRelation;
  /** The nodes that scan it: of a partitioned table one for each partition. */
  readonly scans: readonly PlanNode[];
  readonly comparisons: readonly Comparison[];
  /** True where a condition could not be read, and may hold more. */
  readonly isUnclear: boolean;
  /** What its rows are sorted by, where all columns are of this table. */
  readonly sorts: readonly (readonly SortColumn[])[];
}

export interface SortColumn {
  readonly column: string;
  /** " desc" and the like. */
  readonly order: string;
}

/** The key under which a relation of a plan is known. */
export function relationKey({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): string {
  return JSON.stringify([schema, name]);
}

/** Finds the tables that a plan scans. */
export function plannedTables(
  root: PlanNode,
  relations: ReadonlyMap<string, PlannedRelation>,
): PlannedTable[] {
  const nodes = nodesOf(root);
  const places = new Map<string, { relation: PlannedRelation; scans: PlanNode[] }>();
  for (const node of nodes) {
    const relation = node.scanned && relations.get(relationKey(node.scanned));
    if (node.scanned === undefined || relation === undefined) continue;
    const alias = aliasOfTable(node.scanned.alias, relation);
    const key = JSON.stringify([relation.root, alias]);
    const place = places.get(key) ?? { relation, scans: [] };
    place.scans.push(node);
    places.set(key, place);
  }
  const conditions = nodes.flatMap((node) =>
    node.conditions.map(({ text }) => comparisonsIn(text)),
  );
  const sorts = nodes
    .filter(({ sortKeys }) => sortKeys.length > 0)
    .map(({ sortKeys }) => sortKeys.map((key) => sortColumn(key)));
  return [...places.values()].map(({ relation, scans }) => {
    const isOwn = ({ alias }: { readonly alias: string }): boolean =>
      scans.some(({ scanned }) => isAliasOf(alias, scanned?.alias ?? "", relation));
    return {
      relation,
      scans,
      comparisons: conditions.flatMap((each) => each?.filter((one) => isOwn(one)) ?? []),
      isUnclear: conditions.includes(undefined),
      sorts: sorts.flatMap((columns) =>
        columns.every((column) => column !== undefined && isOwn(column))
          ? [columns.filter((column) => column !== undefined)]
          : [],
      ),
    };
  });
}

/** The server numbers the aliases of partitions: w_1, w_2; where rows of all are meant, it writes w. */
function aliasOfTable(alias: string, { strategy }: PlannedRelation): string {
  return strategy === null ? alias : alias.replace(/_\d+$/, "");
}

function isAliasOf(alias: string, scanned: string, relation: PlannedRelation): boolean {
  return alias === scanned || alias === aliasOfTable(scanned, relation);
}
