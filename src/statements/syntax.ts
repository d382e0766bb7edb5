import type { SyntaxNode } from "../core/sql-parser.ts";

/** The name of a relation as a statement writes it. */
export interface RelationName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** A node of a list, with its kind. */
export interface KindAndNode {
  readonly kind: string;
  readonly node: SyntaxNode;
}

/** Returns the nodes of a list, each without the wrapper that names its kind. */
export function nodesOf(list: unknown): KindAndNode[] {
  return ((list ?? []) as readonly SyntaxNode[]).map((each) => unwrap(each));
}

/** Takes the wrapper off a node that may be of several kinds. */
export function unwrap(wrapped: unknown): KindAndNode {
  const [kind, node] = Object.entries((wrapped ?? {}) as SyntaxNode)[0] ?? ["", {}];
  return { kind, node: (node ?? {}) as SyntaxNode };
}

/** Reads a RangeVar. */
export function relationName(range: unknown): RelationName {
  const { schemaname, relname } = (range ?? {}) as {
    readonly schemaname?: string;
    readonly relname?: string;
  };
  return { schema: schemaname, name: relname ?? "" };
}

/** True for a RangeVar without ONLY. */
export function includesDescendants(range: unknown): boolean {
  return (range as SyntaxNode | undefined)?.["inh"] === true;
}

/** Reads a list of String nodes, which is how the parser gives a dotted name. */
export function strings(list: unknown): string[] {
  const nodes = (Array.isArray(list) ? list : []) as { String?: { sval?: string } }[];
  return nodes.flatMap((node) => node.String?.sval ?? []);
}

/** Reads a dotted name whose last `after` parts are not the relation's: a column, a trigger, a constraint. */
export function dottedName(wrapped: unknown, after = 0): RelationName {
  const { node } = unwrap(wrapped);
  const parts = strings(node["items"]);
  const [name = "", schema] = parts.slice(0, parts.length - after).toReversed();
  return { schema, name };
}

/** Returns the argument of an option; an empty node where it stands alone, undefined where it is absent. */
export function option(options: unknown, name: string): KindAndNode | undefined {
  const found = nodesOf(options).find(({ node }) => node["defname"] === name);
  return found && unwrap(found.node["arg"]);
}

/** True when an option is given and not turned off. */
export function isOn(options: unknown, name: string): boolean {
  const argument = option(options, name);
  return (
    argument !== undefined &&
    !/"(?:false|off)"/i.test(JSON.stringify(argument.node)) &&
    !(argument.kind === "Integer" && argument.node["ival"] === undefined)
  );
}

/** Reads a field that holds text; an empty one where it is absent. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
