import type { SyntaxNode } from "../core/sql-parser.ts";
import { subcommandsOf, type Subcommand } from "./alter-table.ts";
import type { Catalog, Column, Relation, SetStatement } from "./catalog.ts";
import { readType } from "./column-type.ts";
import { indexName, namesOfStatement, partsAfterRelation } from "./names.ts";
import { dottedName, nodesOf, relationName, strings, textOf, type RelationName } from "./syntax.ts";

/** Changes the catalog as a statement will, as far as the rules look at it, for the statements after it. */
export function applyChanges(catalog: Catalog, statement: SetStatement): void {
  changes[statement.kind]?.({ catalog, statement, tree: statement.tree });
}

interface Change {
  readonly catalog: Catalog;
  readonly statement: SetStatement;
  readonly tree: SyntaxNode;
}

const changes: Readonly<Record<string, (change: Change) => void>> = {
  CreateStmt: (change) => {
    const parents = nodesOf(change.tree["inhRelations"]).map(
      ({ node }) => find(change, relationName(node)).oid,
    );
    const kind = change.tree["partspec"] === undefined ? "r" : "p";
    create(change, change.tree["relation"], { kind, parents });
  },
  CreateTableAsStmt: (change) => {
    const { rel } = change.tree["into"] as SyntaxNode;
    create(change, rel, {
      kind: change.tree["objtype"] === "OBJECT_MATVIEW" ? "m" : "r",
      reads: read(change),
    });
  },
  ViewStmt: (change) => {
    const isReplaced =
      change.tree["replace"] === true &&
      find(change, relationName(change.tree["view"])).state !== "missing";
    if (!isReplaced) create(change, change.tree["view"], { kind: "v", reads: read(change) });
  },
  IndexStmt: createIndex,
  CreateSchemaStmt: ({ catalog, statement, tree }) => {
    for (const { kind, node } of nodesOf(tree["schemaElts"]))
      applyChanges(catalog, { ...statement, kind, tree: node });
  },
  DropStmt: drop,
  RenameStmt: rename,
  AlterObjectSchemaStmt: (change) => {
    const { catalog, tree } = change;
    if (tree["relation"] === undefined) return;
    const before = relationName(tree["relation"]);
    const { oid } = find(change, before);
    catalog.name(before, null);
    catalog.name({ schema: String(tree["newschema"]), name: before.name }, oid);
  },
  AlterTableStmt: (change) => {
    const relation = find(change, relationName(change.tree["relation"]));
    for (const each of subcommandsOf(change.tree)) {
      subcommandChanges[each.subtype]?.(each, relation, change);
    }
  },
};

function find({ catalog, statement }: Change, name: RelationName): Relation {
  return catalog.find(name, statement.path);
}

function create(change: Change, range: unknown, facts: Partial<Relation>): void {
  const name = relationName(range);
  const isThere = change.tree["if_not_exists"] === true && find(change, name).state !== "missing";
  if (!isThere) change.catalog.create(name, facts);
}

function read(change: Change): number[] {
  return namesOfStatement(change.statement).relations.map((name) => find(change, name).oid);
}

function createIndex(change: Change): void {
  const { catalog, tree } = change;
  const table = find(change, relationName(tree["relation"]));
  const columns = nodesOf(tree["indexParams"]).flatMap(
    ({ node }) => (node["name"] as string | undefined) ?? [],
  );
  for (const name of indexName(tree)) {
    if (tree["if_not_exists"] === true && find(change, name).state !== "missing") return;
    catalog.create(name, { kind: "i", table: table.oid });
  }
  const index = {
    name: textOf(tree["idxname"]),
    plain: tree["whereClause"] === undefined,
    columns,
  };
  catalog.change(table, ({ indexes }) => ({ indexes: [...(indexes ?? []), index] }));
}

const droppable = new Set([
  "OBJECT_TABLE",
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_INDEX",
  "OBJECT_FOREIGN_TABLE",
]);

function drop(change: Change): void {
  const { catalog, tree } = change;
  const type = String(tree["removeType"]);
  if (!droppable.has(type)) return;
  for (const { kind, node } of nodesOf(tree["objects"])) {
    const name = dottedName({ [kind]: node }, partsAfterRelation(type));
    const dropped = find(change, name);
    catalog.name(name, null);
    catalog.change(dropped, () => ({
      parents: null,
      constraints: null,
      reads: null,
      reads_columns: null,
    }));
    const table = catalog.get(dropped.table);
    if (table !== undefined) {
      catalog.change(table, ({ indexes }) => ({
        indexes: (indexes ?? []).filter((index) => index.name !== dropped.name),
      }));
    }
  }
}

function rename(change: Change): void {
  const { catalog, tree } = change;
  if (tree["relation"] === undefined) return;
  const before = relationName(tree["relation"]);
  const relation = find(change, before);
  const name = String(tree["newname"]);
  if (tree["renameType"] === "OBJECT_COLUMN") {
    changeColumn(catalog, relation, { name: String(tree["subname"]), change: () => ({ name }) });
  } else if (tree["subname"] === undefined) {
    catalog.name(before, null);
    catalog.name({ schema: before.schema, name }, relation.oid);
  }
}

function changeColumn(
  catalog: Catalog,
  relation: Relation,
  { name, change }: { readonly name: string | undefined; readonly change: () => Partial<Column> },
): void {
  for (const each of [relation, ...catalog.descendants(relation)]) {
    catalog.change(each, ({ columns }) => ({
      columns: (columns ?? []).map((column) =>
        column.name === name ? Object.assign({}, column, change()) : column,
      ),
    }));
  }
}

type SubcommandChange = (subcommand: Subcommand, relation: Relation, change: Change) => void;

const subcommandChanges: Readonly<Record<string, SubcommandChange>> = {
  AT_AddColumn: ({ definition }, relation, { catalog, statement }) => {
    const type = readType(
      { catalog, utc: statement.utc, find: (name) => catalog.find(name) },
      definition["typeName"],
    );
    const column: Column = {
      name: String(definition["colname"]),
      type: type?.oid ?? 0,
      type_text: "its type",
      modifier: type?.modifier ?? -1,
      collation: type?.collation ?? null,
      not_null: JSON.stringify(definition["constraints"] ?? []).includes('"CONSTR_NOTNULL"'),
    };
    if (relation.columns?.some(({ name }) => name === column.name) === true) return;
    catalog.change(relation, ({ columns }) => ({ columns: [...(columns ?? []), column] }));
  },
  AT_DropColumn: ({ name }, relation, { catalog }) => {
    catalog.change(relation, ({ columns }) => ({
      columns: (columns ?? []).filter((column) => column.name !== name),
    }));
  },
  AT_AlterColumnType: ({ name, definition }, relation, { catalog, statement }) => {
    const type = readType(
      { catalog, utc: statement.utc, find: (each) => catalog.find(each) },
      definition["typeName"],
    );
    const change = (): Partial<Column> => ({
      type: type?.oid ?? 0,
      modifier: type?.modifier ?? -1,
    });
    changeColumn(catalog, relation, { name, change });
  },
  AT_SetNotNull: ({ name }, relation, { catalog }) => {
    changeColumn(catalog, relation, { name, change: () => ({ not_null: true }) });
  },
  AT_DropNotNull: ({ name }, relation, { catalog }) => {
    changeColumn(catalog, relation, { name, change: () => ({ not_null: false }) });
  },
  AT_AddConstraint: addConstraint,
  AT_ValidateConstraint: ({ name }, relation, { catalog }) => {
    catalog.change(relation, ({ constraints }) => ({
      constraints: (constraints ?? []).map((each) =>
        each.name === name ? Object.assign({}, each, { validated: true }) : each,
      ),
    }));
  },
  AT_DropConstraint: ({ name }, relation, { catalog }) => {
    catalog.change(relation, ({ constraints }) => ({
      constraints: (constraints ?? []).filter((each) => each.name !== name),
    }));
  },
  AT_AttachPartition: ({ definition }, relation, change) => {
    const partition = find(change, relationName(definition["name"]));
    change.catalog.change(partition, () => ({ parents: [relation.oid] }));
  },
  AT_DetachPartition: ({ definition }, _, change) => {
    const partition = find(change, relationName(definition["name"]));
    change.catalog.change(partition, () => ({ parents: null }));
  },
};

/** Checks and foreign keys, which the rules look for later. */
function addConstraint({ definition }: Subcommand, relation: Relation, change: Change): void {
  const { contype, conname, pktable, skip_validation: isNotValid } = definition;
  const isForeign = contype === "CONSTR_FOREIGN";
  if (!isForeign && contype !== "CONSTR_CHECK") return;
  const constraint = {
    name: textOf(conname),
    kind: isForeign ? "f" : "c",
    validated: isNotValid !== true,
    inherited: false,
    references: isForeign ? find(change, relationName(pktable)).oid : null,
    delete_action: textOf(definition["fk_del_action"]),
    update_action: textOf(definition["fk_upd_action"]),
    deferrable: definition["deferrable"] === true,
    deferred: definition["initdeferred"] === true,
    definition: null,
    expression: definition["raw_expr"],
    columns: strings(definition["fk_attrs"]),
    referenced_columns: strings(definition["pk_attrs"]),
  };
  change.catalog.change(relation, ({ constraints }) => ({
    constraints: [...(constraints ?? []), constraint],
  }));
}
