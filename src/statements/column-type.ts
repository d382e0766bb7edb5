import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Column } from "./catalog.ts";
import type { Scope } from "./footprint.ts";
import { typeText } from "./names.ts";
import { nodesOf, strings, unwrap } from "./syntax.ts";

/** A type and its modifier, such as the length of a varchar; -1 for none. */
export interface TypeAndModifier {
  readonly oid: number;
  readonly modifier: number;
  /** True for a domain that checks its values. */
  readonly isConstrained: boolean;
  readonly collation: string | null;
}

/** Whether rows keep their form when a type changes: "unknown" for types whose modifiers only their authors know. */
export type Form = "kept" | "changed" | "unknown";

const oids = {
  bit: 1560,
  char: 1042,
  numeric: 1700,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  timetz: 1266,
  varbit: 1562,
  varchar: 1043,
} as const;

/** Reads a TypeName of a statement; undefined for a type that the statements themselves have made. */
export function readType({ catalog }: Scope, typeName: unknown): TypeAndModifier | undefined {
  const found = catalog.type(typeText(typeName));
  if (found === undefined) return undefined;
  const { base, is_constrained: isConstrained, collation } = found;
  return {
    oid: base ?? found.oid,
    modifier: base === null ? modifierOf(found.oid, typeName as SyntaxNode) : found.modifier,
    isConstrained,
    collation,
  };
}

/** A modifier that cannot be worked out. */
const unknownModifier = Number.NaN;

function modifierOf(oid: number, { typmods }: SyntaxNode): number {
  const [first, second = 0] = nodesOf(typmods).map(
    ({ node }) => (node["ival"] as { readonly ival?: number } | undefined)?.ival ?? 0,
  );
  if (first === undefined) return -1;
  if (oid === oids.varchar || oid === oids.char) return first + 4;
  if (oid === oids.numeric) return ((first << 16) | (second & 0x7ff)) + 4;
  return plainModifiers.has(oid) ? first : unknownModifier;
}

/** Types of time, whose precision is at most 6. */
const timeTypes: ReadonlySet<number> = new Set([
  oids.time,
  oids.timetz,
  oids.timestamp,
  oids.timestamptz,
]);

const plainModifiers: ReadonlySet<number> = new Set([...timeTypes, oids.bit, oids.varbit]);

/**
 * Says whether the rows of a table stay as they are when the type of a column changes: what ATColumnChangeRequiresRewrite
 * in the server's tablecmds.c finds after the planner has taken out the casts that change nothing.
 */
export function formAfter(column: Column, definition: SyntaxNode, scope: Scope): Form {
  const steps = stepsOf(definition, column.name)?.map((typeName) => readType(scope, typeName));
  if (steps === undefined) return "changed";
  let from: Pick<TypeAndModifier, "oid" | "modifier"> = {
    oid: column.type,
    modifier: column.modifier,
  };
  let form: Form = "kept";
  for (const to of steps) {
    if (to === undefined) return "unknown";
    const step = formOfStep(from, to, scope);
    if (step === "changed") return "changed";
    if (step === "unknown") form = "unknown";
    from = to;
  }
  return form;
}

/** The types that a value goes through, the new one last; undefined where USING computes something. */
function stepsOf(
  { typeName, raw_default: using }: SyntaxNode,
  column: string,
): unknown[] | undefined {
  const casts: unknown[] = [];
  let { kind, node } = unwrap(using ?? { ColumnRef: { fields: [{ String: { sval: column } }] } });
  while (kind === "TypeCast") {
    casts.unshift(node["typeName"]);
    ({ kind, node } = unwrap(node["arg"]));
  }
  const isColumn = kind === "ColumnRef" && strings(node["fields"]).at(-1) === column;
  return isColumn ? [...casts, typeName] : undefined;
}

type From = Pick<TypeAndModifier, "oid" | "modifier">;

function formOfStep(from: From, to: TypeAndModifier, scope: Scope): Form {
  if (to.isConstrained) return "changed";
  if (from.oid === to.oid) return formAfterModifier(to.oid, from.modifier, to.modifier);
  if (isTimestamp(from.oid) && isTimestamp(to.oid)) {
    return scope.utc ? formAfterModifier(to.oid, -1, to.modifier) : "changed";
  }
  return isRelabelled(from.oid, to.oid, scope)
    ? formAfterModifier(to.oid, -1, to.modifier)
    : "changed";
}

function isTimestamp(oid: number): boolean {
  return oid === oids.timestamp || oid === oids.timestamptz;
}

function isRelabelled(from: number, to: number, { catalog }: Scope): boolean {
  return from === to || catalog.isBinaryCast(from, to);
}

function formAfterModifier(oid: number, before: number, after: number): Form {
  if (after === before || after === -1) return "kept";
  if (Number.isNaN(after)) return "unknown";
  return isWider(oid, before, after) ? "kept" : "changed";
}

/** As the planner's support functions of these types; other types have none. */
function isWider(oid: number, before: number, after: number): boolean {
  const grows = before >= 0 && after >= before;
  if (timeTypes.has(oid)) return grows || after === 6;
  if (oid === oids.varchar || oid === oids.varbit) return grows;
  if (oid !== oids.numeric || before < 0) return false;
  const [precision, scale] = precisionAndScale(before);
  const [newPrecision, newScale] = precisionAndScale(after);
  return scale === newScale && newPrecision >= precision;
}

function precisionAndScale(modifier: number): [precision: number, scale: number] {
  const bits = modifier - 4;
  return [(bits >> 16) & 0xffff, bits & 0x7ff];
}

/** Types whose values an index orders alike, so that one on such a column is taken over as it is. */
const sameOrder: readonly ReadonlySet<number>[] = [
  new Set([25, oids.varchar]),
  new Set([869, 650]),
];

export function keepsIndexes(from: number, to: TypeAndModifier): boolean {
  return from === to.oid || sameOrder.some((group) => group.has(from) && group.has(to.oid));
}
