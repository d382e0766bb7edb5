import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Constraint, Relation } from "./catalog.ts";
import { findRange, touch, withDescendants, type Scope, type Touch } from "./footprint.ts";
import { strongest, type LockMode } from "./lock-modes.ts";
import {
  includesDescendants,
  nodesOf,
  relationName,
  strings,
  type RelationName,
} from "./syntax.ts";
import { workOf } from "./alter-table-work.ts";
import { attachedTouches, partitionTouches } from "./partition-locks.ts";

/** A subcommand of ALTER TABLE. */
export interface Subcommand {
  readonly subtype: string;
  /** The column or the constraint that it names. */
  readonly name: string | undefined;
  /** The node that says what is to be, and its kind. */
  readonly definition: SyntaxNode;
  readonly cascade: boolean;
}

export function subcommandsOf(tree: SyntaxNode): Subcommand[] {
  return nodesOf(tree["cmds"]).map(({ node }) => ({
    subtype: String(node["subtype"]),
    name: node["name"] as string | undefined,
    definition: (Object.values((node["def"] ?? {}) as SyntaxNode)[0] ?? {}) as SyntaxNode,
    cascade: node["behavior"] === "DROP_CASCADE",
  }));
}

/** The tables that are attached, and those that are inherited from. */
export function alterTableNames(tree: SyntaxNode): RelationName[] {
  return subcommandsOf(tree).flatMap(({ subtype, definition }) => {
    if (subtype === "AT_AttachPartition") return [relationName(definition["name"])];
    return subtype === "AT_AddInherit" ? [relationName(definition)] : [];
  });
}

/** What ALTER TABLE and its kin touch: the table once, with the strongest of the locks of all subcommands. */
export function alterTableTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const relation = findRange(scope, tree["relation"]);
  if (relation.kind === "i" || relation.kind === "I")
    return alterIndexTouches(tree, relation, scope);
  const subcommands = subcommandsOf(tree);
  const lock = subcommands.map(lockOfSubcommand).reduce(strongest, "ACCESS SHARE");
  const inherited = includesDescendants(tree["relation"])
    ? subcommands.filter((each) => lockBelow(each, relation, scope) !== undefined)
    : [];
  const lockOfOthers = inherited
    .map((each) => lockBelow(each, relation, scope) ?? lock)
    .reduce(strongest, "ACCESS SHARE");
  const others = inherited.length === 0 ? [] : scope.catalog.descendants(relation);
  const targets = [relation, ...others];
  return [
    ...touch(
      relation,
      lock,
      subcommands.flatMap((each) => workOf(each, relation, scope)),
    ),
    ...others.flatMap((target) =>
      touch(
        target,
        lockOfOthers,
        inherited
          .filter((each) => relation.kind === "p" || !isIndexConstraint(each))
          .flatMap((each) => workOf(each, target, scope)),
      ),
    ),
    ...subcommands.flatMap((each) =>
      targets.flatMap((target) => otherTables[each.subtype]?.(each, target, scope) ?? []),
    ),
  ];
}

/** ATTACH PARTITION of an index reads both tables; all else is between the index and its catalog rows. */
function alterIndexTouches(tree: SyntaxNode, index: Relation, scope: Scope): Touch[] {
  const attached = subcommandsOf(tree).filter(({ subtype }) => subtype === "AT_AttachPartition");
  const indexes = [
    index,
    ...attached.map(({ definition }) => findRange(scope, definition["name"])),
  ];
  return attached.length === 0
    ? []
    : touch(
        indexes.map(({ table }) => scope.catalog.get(table)),
        "ACCESS SHARE",
      );
}

/** As AlterTableGetLockLevel in the server's tablecmds.c; what is not here takes ACCESS EXCLUSIVE. */
const weakerLocks: Readonly<Record<string, LockMode>> = {
  AT_SetStatistics: "SHARE UPDATE EXCLUSIVE",
  AT_SetOptions: "SHARE UPDATE EXCLUSIVE",
  AT_ResetOptions: "SHARE UPDATE EXCLUSIVE",
  AT_ClusterOn: "SHARE UPDATE EXCLUSIVE",
  AT_DropCluster: "SHARE UPDATE EXCLUSIVE",
  AT_ValidateConstraint: "SHARE UPDATE EXCLUSIVE",
  AT_AttachPartition: "SHARE UPDATE EXCLUSIVE",
  AT_DetachPartitionFinalize: "SHARE UPDATE EXCLUSIVE",
  AT_EnableTrig: "SHARE ROW EXCLUSIVE",
  AT_EnableAlwaysTrig: "SHARE ROW EXCLUSIVE",
  AT_EnableReplicaTrig: "SHARE ROW EXCLUSIVE",
  AT_EnableTrigAll: "SHARE ROW EXCLUSIVE",
  AT_EnableTrigUser: "SHARE ROW EXCLUSIVE",
  AT_DisableTrig: "SHARE ROW EXCLUSIVE",
  AT_DisableTrigAll: "SHARE ROW EXCLUSIVE",
  AT_DisableTrigUser: "SHARE ROW EXCLUSIVE",
};

function lockOfSubcommand({ subtype, definition }: Subcommand): LockMode {
  const isForeignKey = subtype === "AT_AddConstraint" && definition["contype"] === "CONSTR_FOREIGN";
  if (isForeignKey) return "SHARE ROW EXCLUSIVE";
  const isConcurrent = subtype === "AT_DetachPartition" && definition["concurrent"] === true;
  if (isConcurrent) return "SHARE UPDATE EXCLUSIVE";
  if (subtype === "AT_SetRelOptions" || subtype === "AT_ResetRelOptions")
    return optionsLock(definition);
  return weakerLocks[subtype] ?? "ACCESS EXCLUSIVE";
}

/** Parameters of a table whose change other sessions must not see half-way. */
const strongParameters = new Set([
  "user_catalog_table",
  "security_barrier",
  "security_invoker",
  "check_option",
]);

function optionsLock(definition: SyntaxNode): LockMode {
  const names = nodesOf(definition["items"]).map(({ node }) => String(node["defname"]));
  return names.some((name) => strongParameters.has(name))
    ? "ACCESS EXCLUSIVE"
    : "SHARE UPDATE EXCLUSIVE";
}

/** Subcommands that concern the named table and none of its partitions. */
const ownOnly = new Set([
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_ClusterOn",
  "AT_DropCluster",
  "AT_SetLogged",
  "AT_SetUnLogged",
  "AT_SetTableSpace",
  "AT_SetAccessMethod",
  "AT_ReplicaIdentity",
  "AT_EnableRowSecurity",
  "AT_DisableRowSecurity",
  "AT_ForceRowSecurity",
  "AT_NoForceRowSecurity",
  "AT_ChangeOwner",
  "AT_EnableRule",
  "AT_DisableRule",
  "AT_AddInherit",
  "AT_DropInherit",
  "AT_AttachPartition",
  "AT_DetachPartition",
  "AT_DetachPartitionFinalize",
  "AT_SetCompression",
]);

/** The lock of a subcommand on partitions and other children; undefined where it leaves them alone. */
function lockBelow(
  subcommand: Subcommand,
  relation: Relation,
  { catalog }: Scope,
): LockMode | undefined {
  const { subtype, definition } = subcommand;
  if (ownOnly.has(subtype)) return undefined;
  if (!isIndexConstraint(subcommand)) return lockOfSubcommand(subcommand);
  const key = strings(definition["keys"]);
  const isNotNull = relation.columns
    ?.filter(({ name }) => key.includes(name))
    .every((column) => column.not_null);
  const marksNotNull = definition["contype"] === "CONSTR_PRIMARY" && isNotNull !== true;
  if (marksNotNull || catalog.serverVersion >= 180_000) return "ACCESS EXCLUSIVE";
  return relation.kind === "p" ? "SHARE" : undefined;
}

function isIndexConstraint({ subtype, definition }: Subcommand): boolean {
  return subtype === "AT_AddConstraint" && indexConstraints.has(String(definition["contype"]));
}

const indexConstraints = new Set(["CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"]);

type OtherTables = (subcommand: Subcommand, target: Relation, scope: Scope) => Touch[];

/** The tables that a subcommand locks besides its own. */
const otherTables: Readonly<Record<string, OtherTables>> = {
  AT_AddColumn: ({ definition }, _, scope) =>
    nodesOf(definition["constraints"]).flatMap(({ node }) => referencedByConstraint(node, scope)),
  AT_AddConstraint: ({ definition }, _, scope) => referencedByConstraint(definition, scope),
  AT_DropConstraint: ({ name, cascade }, target, scope) => {
    const dropped = (target.constraints ?? []).filter((each) => each.name === name);
    const isKey = dropped.some(({ kind }) => kind === "p" || kind === "u");
    return [
      ...otherSides(dropped, scope, "ACCESS EXCLUSIVE"),
      ...(isKey && cascade ? touch(scope.catalog.referencing(target), "ACCESS EXCLUSIVE") : []),
    ];
  },
  AT_DropColumn: ({ name, cascade }, target, scope) => [
    ...otherSides(constraintsOn(target, name), scope, "ACCESS EXCLUSIVE"),
    ...(cascade ? dependents(target, name, scope) : []),
  ],
  AT_AlterColumnType: ({ name }, target, scope) => [
    ...otherSides(constraintsOn(target, name), scope, "ACCESS EXCLUSIVE"),
    ...touch(referencingColumn(target, name, scope), "ACCESS EXCLUSIVE"),
  ],
  AT_ValidateConstraint: ({ name }, target, scope) =>
    otherSides(
      (target.constraints ?? []).filter((each) => each.name === name && !each.validated),
      scope,
      "ROW SHARE",
    ),
  AT_AttachPartition: ({ definition }, target, scope) => [
    ...partitionTouches(definition, target, scope),
    ...attachedTouches(definition, target, scope),
  ],
  AT_DetachPartition: ({ definition }, target, scope) =>
    definition["concurrent"] === true
      ? touch(findRange(scope, definition["name"]), "ACCESS EXCLUSIVE")
      : partitionTouches(definition, target, scope),
  AT_AddInherit: ({ definition }, _, scope) =>
    touch(findRange(scope, definition), "SHARE UPDATE EXCLUSIVE"),
  AT_DropInherit: ({ definition }, _, scope) => touch(findRange(scope, definition), "ACCESS SHARE"),
};

function referencedByConstraint(constraint: SyntaxNode, scope: Scope): Touch[] {
  if (constraint["contype"] !== "CONSTR_FOREIGN") return [];
  const referenced = findRange(scope, constraint["pktable"]);
  return touch(withDescendants(scope, referenced), "SHARE ROW EXCLUSIVE");
}

function constraintsOn({ constraints }: Relation, column: string | undefined): Constraint[] {
  return (constraints ?? []).filter(({ columns }) => columns?.includes(column ?? "") === true);
}

function otherSides(
  constraints: readonly Constraint[],
  { catalog }: Scope,
  lock: LockMode,
): Touch[] {
  return touch(
    constraints.map(({ references }) => catalog.get(references)),
    lock,
  );
}

function referencingColumn(
  target: Relation,
  column: string | undefined,
  { catalog }: Scope,
): Relation[] {
  return catalog
    .referencing(target)
    .filter(({ constraints }) =>
      constraints?.some(
        ({ references, referenced_columns: key }) =>
          references === target.oid && key?.includes(column ?? "") === true,
      ),
    );
}

/** What falls with a column on CASCADE: foreign keys that refer to it, and views. */
function dependents(target: Relation, column: string | undefined, scope: Scope): Touch[] {
  return touch(
    [...referencingColumn(target, column, scope), ...scope.catalog.dependentViews(target, column)],
    "ACCESS EXCLUSIVE",
  );
}
