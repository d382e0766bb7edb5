import type { PlanNode } from "./plan.ts";
import type { PlanStep } from "./results.ts";
import type { PlannedRelation } from "./rows.ts";
import { relationKey } from "./tables.ts";

/** Lists the nodes of a plan from its root on; partitions that are read in the same way become one. */
export function stepsOf(
  node: PlanNode,
  relations: ReadonlyMap<string, PlannedRelation>,
  depth = 0,
): PlanStep[] {
  const alike = new Map<string, PlanNode[]>();
  for (const child of node.children) {
    const key = likeness(child, relations) ?? `single ${alike.size}`;
    alike.set(key, [...(alike.get(key) ?? []), child]);
  }
  return [
    step(node, depth),
    ...[...alike.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const steps = stepsOf(first, relations, depth + 1);
      return others.length === 0 ? steps : merged(steps, [first, ...others], relations);
    }),
  ];
}

function step(
  { type, scanned, target, index, conditions, rows, cost }: PlanNode,
  depth: number,
): PlanStep {
  return {
    depth,
    type,
    relation: scanned === undefined ? (target ?? null) : `${scanned.schema}.${scanned.name}`,
    alias: scanned?.alias ?? null,
    index: index ?? null,
    partitions: null,
    conditions: conditions.map(({ kind, text }) => `${kind}: ${text}`),
    rows,
    cost,
  };
}

/** What nodes have in common that read partitions of one table in the same way; undefined for what reads none. */
function likeness(
  node: PlanNode,
  relations: ReadonlyMap<string, PlannedRelation>,
): string | undefined {
  const relation = node.scanned && relations.get(relationKey(node.scanned));
  if (relation === undefined || relation.strategy === null) return undefined;
  const shape = (each: PlanNode): unknown => [
    each.type,
    each.index === undefined,
    each.conditions.map(({ kind }) => kind),
    each.children.map((child) => shape(child)),
  ];
  return JSON.stringify([relation.root, shape(node)]);
}

/** Of the index below a bitmap, and of the index of each partition, one is named. */
function merged(
  [first, ...below]: readonly PlanStep[],
  nodes: readonly PlanNode[],
  relations: ReadonlyMap<string, PlannedRelation>,
): PlanStep[] {
  const scanned = nodes[0]?.scanned;
  if (first === undefined || scanned === undefined) return [];
  const sum = (pick: (node: PlanNode) => number): number =>
    nodes.reduce((total, node) => total + pick(node), 0);
  return [
    {
      ...first,
      relation: relations.get(relationKey(scanned))?.root ?? first.relation,
      partitions: nodes.length,
      rows: sum(({ rows }) => rows),
      cost: sum(({ cost }) => cost),
    },
    ...below,
  ];
}
