import type { SyntaxNode } from "../core/sql-parser.ts";
import { alterTableTouches } from "./alter-table.ts";
import { createTableTouches } from "./create-table.ts";
import { dropFootprint, truncateTouches } from "./drop.ts";
import {
  findRange,
  mergeTouches,
  touch,
  withDescendants,
  type Footprint,
  type Scope,
  type Touch,
  work,
} from "./footprint.ts";
import { indexRules } from "./index-locks.ts";
import { lockModes } from "./lock-modes.ts";
import {
  ownerOfSequence,
  partsAfterRelation,
  statementsOfSqlBody,
  type StatementTree,
} from "./names.ts";
import { lockless, opaque } from "./other-statements.ts";
import { queryFootprint, readTouches } from "./reads.ts";
import { dottedName, includesDescendants, isOn, nodesOf, unwrap } from "./syntax.ts";

/** Says what a statement locks, and what it does with it, before it runs; "not known" rather than a guess. */
export function footprintOf(statement: StatementTree, scope: Scope): Footprint {
  const { touches, unknown } = rawFootprint(statement, scope);
  return { touches: mergeTouches(touches), ...(unknown !== undefined && { unknown }) };
}

function rawFootprint({ kind, tree }: StatementTree, scope: Scope): Footprint {
  if (queries.has(kind)) return queryFootprint({ kind, tree }, scope);
  const composed = footprints[kind];
  if (composed !== undefined) return composed(tree, scope);
  const rule = rules[kind] ?? indexRules[kind];
  if (rule !== undefined) return { touches: rule(tree, scope) };
  const reason = opaque[kind];
  if (reason !== undefined) return { touches: [], unknown: reason };
  return lockless.has(kind) || /^(?:Create|Alter|Drop)(?:Role|Op|Ts|Cast|Conversion)/.test(kind)
    ? { touches: [] }
    : { touches: [], unknown: "its locks are not known" };
}

const queries = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

type FootprintRule = (tree: SyntaxNode, scope: Scope) => Footprint;
type TouchRule = (tree: SyntaxNode, scope: Scope) => Touch[];

/** Statements that hold others, or of which only a part can be known. */
const footprints: Readonly<Record<string, FootprintRule>> = {
  DropStmt: dropFootprint,
  ViewStmt: (tree, scope) => ({
    touches: [
      ...queryFootprint(inner(tree["query"]), scope).touches,
      ...touch(presentOrNone(scope, tree["view"]), "ACCESS EXCLUSIVE"),
    ],
  }),
  CreateTableAsStmt: (tree, scope) => queryFootprint(inner(tree["query"]), scope),
  ExplainStmt: (tree, scope) => rawFootprint(inner(tree["query"]), scope),
  DeclareCursorStmt: (tree, scope) => queryFootprint(inner(tree["query"]), scope),
  PrepareStmt: (tree, scope) => queryFootprint(inner(tree["query"]), scope),
  CopyStmt: (tree, scope) =>
    tree["query"] === undefined
      ? { touches: copyTouches(tree, scope) }
      : queryFootprint(inner(tree["query"]), scope),
  CreateSchemaStmt: (tree, scope) =>
    together(
      nodesOf(tree["schemaElts"]).map(({ kind, node }) => ({ kind, tree: node })),
      scope,
    ),
  CreateFunctionStmt: (tree, scope) => ({ touches: bodyTouches(tree, scope) }),
  AlterDomainStmt: (tree) =>
    ["C", "O", "V"].includes(String(tree["subtype"]))
      ? {
          touches: [],
          unknown: "each table with a column of the domain is locked, and its rows are checked",
        }
      : { touches: [] },
};

function inner(wrapped: unknown): StatementTree {
  const { kind, node } = unwrap(wrapped);
  return { kind, tree: node };
}

function together(statements: readonly StatementTree[], scope: Scope): Footprint {
  const all = statements.map((each) => rawFootprint(each, scope));
  const unknown = all.find((each) => each.unknown !== undefined)?.unknown;
  return {
    touches: all.flatMap(({ touches }) => touches),
    ...(unknown !== undefined && { unknown }),
  };
}

/** The body is read when the function is created, and what it calls is not run. */
function bodyTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const statements = [
    ...statementsOfSqlBody(tree),
    ...(tree["sql_body"] === undefined
      ? []
      : [{ kind: "SqlBody", tree: tree["sql_body"] as SyntaxNode }]),
  ];
  return statements.flatMap((each) => queryFootprint(each, scope).touches);
}

function presentOrNone(scope: Scope, range: unknown): Touch["relation"] | undefined {
  const relation = findRange(scope, range);
  return relation.state === "missing" ? undefined : relation;
}

function copyTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const relation = findRange(scope, tree["relation"]);
  return tree["is_from"] === true
    ? [
        ...touch(relation, "ROW EXCLUSIVE"),
        ...touch(scope.catalog.referenced(relation), "ROW SHARE"),
      ]
    : touch(relation, "ACCESS SHARE");
}

const rules: Readonly<Record<string, TouchRule>> = {
  GrantStmt: grantTouches,
  AlterTableStmt: alterTableTouches,
  CreateStmt: createTableTouches,
  CreateForeignTableStmt: (tree, scope) => createTableTouches(tree["base"] as SyntaxNode, scope),
  TruncateStmt: truncateTouches,
  RenameStmt: renameTouches,
  AlterObjectSchemaStmt: (tree, scope) =>
    tree["relation"] === undefined
      ? []
      : touch(findRange(scope, tree["relation"]), "ACCESS EXCLUSIVE"),
  CreateTrigStmt: (tree, scope) => {
    const table = findRange(scope, tree["relation"]);
    const all = table.kind === "p" && tree["row"] === true ? withDescendants(scope, table) : table;
    return [
      ...touch(all, "SHARE ROW EXCLUSIVE"),
      ...(tree["constrrel"] === undefined
        ? []
        : touch(findRange(scope, tree["constrrel"]), "ACCESS SHARE")),
    ];
  },
  RuleStmt: (tree, scope) => [
    ...touch(findRange(scope, tree["relation"]), "ACCESS EXCLUSIVE"),
    ...nodesOf(tree["actions"]).flatMap(
      ({ kind, node }) => queryFootprint({ kind, tree: node }, scope).touches,
    ),
  ],
  CreatePolicyStmt: policyTouches,
  AlterPolicyStmt: policyTouches,
  CreateStatsStmt: (tree, scope) =>
    nodesOf(tree["relations"]).flatMap(({ node }) =>
      touch(findRange(scope, node), "SHARE UPDATE EXCLUSIVE"),
    ),
  CommentStmt: (tree, scope) => remarkTouches(tree, scope),
  SecLabelStmt: (tree, scope) => remarkTouches(tree, scope),
  RefreshMatViewStmt: (tree, scope) => {
    const view = findRange(scope, tree["relation"]);
    const below = (view.reads ?? []).map((oid) => scope.catalog.get(oid));
    const rewrite = work("rewrite", "its rows are computed anew");
    return [
      ...(tree["concurrent"] === true
        ? touch(view, "EXCLUSIVE")
        : touch(view, "ACCESS EXCLUSIVE", [rewrite])),
      ...(tree["skipData"] === true
        ? []
        : below.flatMap((each) => (each === undefined ? [] : readTouches(scope, each)))),
    ];
  },
  LockStmt: (tree, scope) =>
    nodesOf(tree["relations"]).flatMap(({ node }) => {
      const mode = lockModes[Number(tree["mode"]) - 1] ?? "ACCESS EXCLUSIVE";
      return readTouches(scope, findRange(scope, node), {
        descendants: includesDescendants(node),
        lock: mode,
      });
    }),
  ClusterStmt: (tree, scope) =>
    tree["relation"] === undefined
      ? []
      : touch(findRange(scope, tree["relation"]), "ACCESS EXCLUSIVE", [
          work("rewrite", "its rows are put into the order of an index"),
        ]),
  VacuumStmt: vacuumTouches,
  CreateSeqStmt: sequenceTouches,
  AlterSeqStmt: sequenceTouches,
  CreatePublicationStmt: publicationTouches,
  AlterPublicationStmt: publicationTouches,
};

function renameTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  if (tree["relation"] === undefined) return [];
  const relation = findRange(scope, tree["relation"]);
  if (relation.kind === "i" || relation.kind === "I") return [];
  const recurses = tree["renameType"] !== "OBJECT_TABLE" && includesDescendants(tree["relation"]);
  return touch(recurses ? withDescendants(scope, relation) : relation, "ACCESS EXCLUSIVE");
}

function policyTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  return [
    ...touch(findRange(scope, tree["table"]), "ACCESS EXCLUSIVE"),
    ...queryFootprint(
      { kind: "Policy", tree: { qual: tree["qual"], check: tree["with_check"] } },
      scope,
    ).touches,
  ];
}

/** Comments and labels keep their object from being dropped meanwhile. */
function remarkTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  if (!remarked.has(String(tree["objtype"]))) return [];
  const relation = scope.find(dottedName(tree["object"], partsAfterRelation(tree["objtype"])));
  return touch(
    relation,
    ofTables.has(String(tree["objtype"])) ? "ACCESS SHARE" : "SHARE UPDATE EXCLUSIVE",
  );
}

const ofTables = new Set([
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TRIGGER",
]);

const remarked = new Set([
  "OBJECT_COLUMN",
  "OBJECT_FOREIGN_TABLE",
  "OBJECT_MATVIEW",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TABLE",
  "OBJECT_TRIGGER",
  "OBJECT_VIEW",
]);

function vacuumTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const isFull = tree["is_vacuumcmd"] === true && isOn(tree["options"], "full");
  return nodesOf(tree["rels"]).flatMap(({ node }) => {
    const all = withDescendants(scope, findRange(scope, node["relation"]));
    return isFull
      ? touch(all, "ACCESS EXCLUSIVE", [work("rewrite", "its rows are written closely")])
      : touch(all, "SHARE UPDATE EXCLUSIVE");
  });
}

/** From PostgreSQL 18 on, GRANT and REVOKE keep the table from being dropped meanwhile. */
function grantTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const isNamed = tree["targtype"] === "ACL_TARGET_OBJECT" && tree["objtype"] === "OBJECT_TABLE";
  if (!isNamed || scope.catalog.serverVersion < 180_000) return [];
  return nodesOf(tree["objects"]).flatMap(({ node }) =>
    touch(findRange(scope, node), "ACCESS SHARE"),
  );
}

function sequenceTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  return ownerOfSequence(tree).flatMap((owner) => touch(scope.find(owner), "ACCESS SHARE"));
}

function publicationTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  return nodesOf(tree["pubobjects"]).flatMap(({ node }) => {
    const table = (node["pubtable"] as SyntaxNode | undefined)?.["relation"];
    return table === undefined ? [] : touch(findRange(scope, table), "SHARE UPDATE EXCLUSIVE");
  });
}
