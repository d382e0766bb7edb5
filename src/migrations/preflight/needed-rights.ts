import { visitNodes, type SyntaxNode } from "../../core/sql-parser.ts";
import type { Relation, SetStatement } from "../../statements/catalog.ts";
import { alterTableNames } from "../../statements/alter-table.ts";
import type { Scope } from "../../statements/footprint.ts";
import { partsAfterRelation } from "../../statements/names.ts";
import { commonTableNames } from "../../statements/reads.ts";
import {
  dottedName,
  nodesOf,
  relationName,
  strings,
  textOf,
  type RelationName,
} from "../../statements/syntax.ts";

/** A right that a statement needs and the user does not have. */
export interface MissingRight {
  /** What it is about: table "public.a". */
  readonly object: string;
  /** "owner", a privilege, or "superuser". */
  readonly right: string;
  /** What the owner may run; undefined where no GRANT helps. */
  readonly grant: string | undefined;
  /** Who may do it as things are. */
  readonly owner: string | undefined;
}

/** Returns what a statement needs and the user lacks, of relations that are there; empty for statements that have no rule. */
export function missingRights(statement: SetStatement, scope: Scope, user: string): MissingRight[] {
  const need = new Needs(scope, { user, hasOwnPath: statement.path !== null });
  rules[statement.kind]?.(statement.tree, need);
  if (queries.has(statement.kind)) queryNeeds({ [statement.kind]: statement.tree }, need);
  return need.missing;
}

class Needs {
  readonly missing: MissingRight[] = [];
  readonly #scope: Scope;
  readonly #user: string;
  /** Where the file has set search_path, new objects go elsewhere than the catalog says. */
  readonly #hasOwnPath: boolean;

  constructor(
    scope: Scope,
    { user, hasOwnPath }: { readonly user: string; readonly hasOwnPath: boolean },
  ) {
    this.#scope = scope;
    this.#user = user;
    this.#hasOwnPath = hasOwnPath;
  }

  owner(name: RelationName): void {
    const relation = this.#present(name);
    if (relation !== undefined && !relation.is_owner) this.#addOwner(relation);
  }

  /** The owner of the schema may drop a relation too, but nothing that belongs to it. */
  dropper(name: RelationName): void {
    const relation = this.#present(name);
    if (relation !== undefined && !relation.can_drop) this.#addOwner(relation);
  }

  #addOwner({ text: object, owner }: Relation): void {
    this.missing.push({ object: `"${object}"`, right: "owner", grant: undefined, owner });
  }

  privilege(privilege: string, name: RelationName): void {
    const relation = this.#present(name);
    if (relation === undefined || !withPrivileges.has(relation.kind)) return;
    if (relation.privileges.includes(privilege)) return;
    const { text: object, owner } = relation;
    const grant = `GRANT ${privilege} ON ${object} TO "${this.#user}";`;
    this.missing.push({ object: `"${object}"`, right: privilege, grant, owner });
  }

  maintain(name: RelationName): void {
    if (this.#present(name)?.can_maintain !== false) return;
    if (this.#scope.catalog.serverVersion < 170_000) this.owner(name);
    else this.privilege("MAINTAIN", name);
  }

  createIn(schema: string | undefined): void {
    const { schemas, default_schema: standard } = this.#scope.catalog.rights;
    const name = schema ?? (this.#hasOwnPath ? null : standard);
    // One that is not there yet is created by a statement before.
    if (name === null || schemas[name] !== false) return;
    const grant = `GRANT CREATE ON SCHEMA "${name}" TO "${this.#user}";`;
    this.missing.push({ object: `schema "${name}"`, right: "CREATE", grant, owner: undefined });
  }

  createInDatabase(): void {
    if (this.#scope.catalog.rights.can_create) return;
    const grant = `GRANT CREATE ON DATABASE "${this.#scope.catalog.rights.database}" TO "${this.#user}";`;
    this.missing.push({ object: "the database", right: "CREATE", grant, owner: undefined });
  }

  extension(name: string): void {
    const found = this.#scope.catalog.rights.extensions.find((each) => each.name === name);
    if (found === undefined) return;
    if (!found.superuser) return this.createInDatabase();
    this.missing.push({
      object: `extension "${name}"`,
      right: "superuser",
      grant: undefined,
      owner: undefined,
    });
  }

  #present(name: RelationName): Relation | undefined {
    const relation = this.#scope.find(name);
    const isKnown = relation.state === "present" && relation.kind !== "i" && relation.kind !== "I";
    if (isKnown) return relation;
    return relation.state === "present" ? this.#scope.catalog.get(relation.table) : undefined;
  }
}

/** Kinds of relations whose privileges are asked for: tables, views and foreign tables. */
const withPrivileges = new Set(["r", "p", "v", "m", "f"]);

type Rule = (tree: SyntaxNode, need: Needs) => void;

function ownerOfRange(field: string): Rule {
  return (tree, need) => {
    if (tree[field] !== undefined) need.owner(relationName(tree[field]));
  };
}

const rules: Readonly<Record<string, Rule>> = {
  AlterTableStmt: (tree, need) => {
    need.owner(relationName(tree["relation"]));
    for (const name of alterTableNames(tree)) need.owner(name);
    foreignKeys(tree, need);
  },
  RenameStmt: ownerOfRange("relation"),
  AlterObjectSchemaStmt: (tree, need) => {
    if (tree["relation"] === undefined) return;
    need.owner(relationName(tree["relation"]));
    need.createIn(textOf(tree["newschema"]));
  },
  IndexStmt: ownerOfRange("relation"),
  RuleStmt: ownerOfRange("relation"),
  RefreshMatViewStmt: maintains,
  ClusterStmt: maintains,
  ReindexStmt: maintains,
  CreatePolicyStmt: ownerOfRange("table"),
  AlterPolicyStmt: ownerOfRange("table"),
  CreateStatsStmt: (tree, need) => {
    for (const { node } of nodesOf(tree["relations"])) need.owner(relationName(node));
  },
  CreateTrigStmt: (tree, need) => {
    need.privilege("TRIGGER", relationName(tree["relation"]));
  },
  DropStmt: (tree, need) => {
    if (!ofRelations.has(String(tree["removeType"]))) return;
    const parts = partsAfterRelation(tree["removeType"]);
    for (const { kind, node } of nodesOf(tree["objects"])) {
      const name = dottedName({ [kind]: node }, parts);
      if (parts === 0) need.dropper(name);
      else need.owner(name);
    }
  },
  CommentStmt: (tree, need) => {
    if (ofRelations.has(String(tree["objtype"])))
      need.owner(dottedName(tree["object"], partsAfterRelation(tree["objtype"])));
  },
  TruncateStmt: (tree, need) => {
    for (const { node } of nodesOf(tree["relations"]))
      need.privilege("TRUNCATE", relationName(node));
  },
  CopyStmt: (tree, need) => {
    if (tree["relation"] !== undefined)
      need.privilege(
        tree["is_from"] === true ? "INSERT" : "SELECT",
        relationName(tree["relation"]),
      );
  },
  CreateStmt: (tree, need) => {
    creates(tree["relation"], need);
    for (const { node } of nodesOf(tree["inhRelations"])) need.owner(relationName(node));
    foreignKeys(tree, need);
  },
  // What it reads is looked at when somebody reads the view.
  ViewStmt: (tree, need) => {
    creates(tree["view"], need);
  },
  CreateTableAsStmt: (tree, need) => {
    const into = tree["into"] as SyntaxNode;
    creates(into["rel"], need);
    if (into["skipData"] !== true) queryNeeds(tree["query"], need);
  },
  CreateSeqStmt: (tree, need) => {
    creates(tree["sequence"], need);
  },
  CreateFunctionStmt: createsNamed("funcname"),
  CreateEnumStmt: createsNamed("typeName"),
  CreateDomainStmt: createsNamed("domainname"),
  CompositeTypeStmt: (tree, need) => {
    creates(tree["typevar"], need);
  },
  CreateSchemaStmt: (_, need) => {
    need.createInDatabase();
  },
  CreateExtensionStmt: (tree, need) => {
    need.extension(textOf(tree["extname"]));
  },
};

function maintains(tree: SyntaxNode, need: Needs): void {
  if (tree["relation"] !== undefined) need.maintain(relationName(tree["relation"]));
}

const ofRelations = new Set([
  "OBJECT_COLUMN",
  "OBJECT_FOREIGN_TABLE",
  "OBJECT_INDEX",
  "OBJECT_MATVIEW",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_SEQUENCE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TABLE",
  "OBJECT_TRIGGER",
  "OBJECT_VIEW",
]);

function creates(range: unknown, need: Needs): void {
  const isTemporary = (range as SyntaxNode)["relpersistence"] === "t";
  if (!isTemporary) need.createIn(relationName(range).schema);
}

function createsNamed(field: string): Rule {
  return (tree, need) => {
    need.createIn(strings(tree[field]).toReversed()[1]);
  };
}

function foreignKeys(tree: SyntaxNode, need: Needs): void {
  visitNodes(tree, (_, node) => {
    if (node["pktable"] !== undefined) need.privilege("REFERENCES", relationName(node["pktable"]));
  });
}

const queries = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"]);

const changePrivileges: Readonly<Record<string, string>> = {
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
};

function queryNeeds(root: unknown, need: Needs): void {
  const commonTables = commonTableNames(root);
  visitNodes(root, (kind, node) => {
    const privilege = changePrivileges[kind];
    if (privilege !== undefined) need.privilege(privilege, relationName(node["relation"]));
    if (kind !== "RangeVar") return;
    const name = relationName(node);
    if (name.schema !== undefined || !commonTables.has(name.name)) need.privilege("SELECT", name);
  });
}
