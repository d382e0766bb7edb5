/** A node of a plan. */
export interface PlanNode {
  readonly type: string;
  /** What it scans; the table that a statement changes is no scan. */
  readonly scanned: ScannedRelation | undefined;
  /** The table that it changes, with its schema. */
  readonly target: string | undefined;
  readonly index: string | undefined;
  /** Each as the server writes it, with its kind: "Filter", "Index Cond" and so on. */
  readonly conditions: readonly Condition[];
  readonly sortKeys: readonly string[];
  readonly rows: number;
  readonly cost: number;
  /** True where values, or the lack of them, have taken partitions out of the plan. */
  readonly lacksPartitions: boolean;
  readonly children: readonly PlanNode[];
}

export interface ScannedRelation {
  readonly schema: string;
  readonly name: string;
  readonly alias: string;
}

export interface Condition {
  readonly kind: string;
  readonly text: string;
}

export interface Plan {
  readonly root: PlanNode;
  /** Milliseconds. */
  readonly planningTime: number;
}

type Properties = Readonly<Record<string, unknown>>;

const conditionKinds = [
  "Index Cond",
  "Recheck Cond",
  "TID Cond",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "Filter",
  "One-Time Filter",
  "Order By",
] as const;

/** Reads what EXPLAIN (FORMAT JSON) returned. */
export function readPlan(rows: readonly object[]): Plan {
  const [document] = Object.values(rows[0] ?? {}) as [unknown];
  const [explained] = (typeof document === "string" ? JSON.parse(document) : document) as [
    Properties,
  ];
  return {
    root: readNode(explained["Plan"] as Properties),
    planningTime: Number(explained["Planning Time"]),
  };
}

function readNode(properties: Properties): PlanNode {
  const text = (name: string): string | undefined => properties[name] as string | undefined;
  const children = (properties["Plans"] ?? []) as readonly Properties[];
  return {
    type: typeOf(properties),
    scanned: scannedRelation(properties),
    target:
      properties["Operation"] === undefined || text("Relation Name") === undefined
        ? undefined
        : `${text("Schema") ?? ""}.${text("Relation Name") ?? ""}`,
    index: text("Index Name"),
    conditions: conditionKinds.flatMap((kind) => {
      const condition = text(kind);
      return condition === undefined ? [] : [{ kind, text: condition }];
    }),
    sortKeys: (properties["Sort Key"] ?? []) as readonly string[],
    rows: Number(properties["Plan Rows"]),
    cost: Number(properties["Total Cost"]),
    lacksPartitions: Number(properties["Subplans Removed"] ?? 0) > 0,
    children: children.map((child) => readNode(child)),
  };
}

/** Names a node as the server's text form does: "Hash Left Join", "Partial HashAggregate", "Update". */
function typeOf(properties: Properties): string {
  const property = (name: string): string => (properties[name] as string | undefined) ?? "";
  const type = property("Node Type");
  if (type === "ModifyTable") return property("Operation");
  const join = property("Join Type");
  const isPlain = join === "" || join === "Inner";
  const joined =
    type === "Nested Loop" ? `${type} ${join} Join` : type.replace("Join", `${join} Join`);
  return isPlain ? type : joined;
}

function scannedRelation(properties: Properties): ScannedRelation | undefined {
  const text = (property: string): string | undefined => properties[property] as string | undefined;
  const name = text("Relation Name");
  if (name === undefined || properties["Operation"] !== undefined) return undefined;
  return { name, schema: text("Schema") ?? "", alias: text("Alias") ?? name };
}

/** All nodes, each before what is below it. */
export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...node.children.flatMap((child) => nodesOf(child))];
}
