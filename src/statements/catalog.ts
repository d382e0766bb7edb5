import type { Database } from "../db/database.ts";
import { catalog as catalogQuery } from "./queries.ts";
import type { CatalogRelation, CatalogRow } from "./rows.ts";
import { namesOfStatement, relationText, type FunctionName, type StatementTree } from "./names.ts";
import type { RelationName } from "./syntax.ts";

/** A relation as the statements will find it. */
export interface Relation extends Omit<CatalogRelation, "constraints"> {
  /** New ones are created by the statements themselves. */
  readonly state: "present" | "new" | "missing";
  readonly constraints: readonly Constraint[] | null;
}

export type Column = NonNullable<CatalogRelation["columns"]>[number];

export interface Constraint extends ConstraintRow {
  /** What a check constraint that the statements have added says. */
  readonly expression?: unknown;
}

type ConstraintRow = NonNullable<CatalogRelation["constraints"]>[number];

/** A statement with the settings that hold when it runs. */
export interface SetStatement extends StatementTree {
  /** The search_path that the file has set; null for that of the session. */
  readonly path: string | null;
  /** False when the file has set another TimeZone than ours. */
  readonly utc: boolean;
}

/** The database as it was when it was asked, and as the statements that were gone through since would leave it. */
export class Catalog {
  readonly serverVersion: number;
  readonly #row: CatalogRow;
  readonly #relations: Map<number, Relation>;
  /** Names that the statements have given or taken away, the newest last; null for one that was dropped. */
  readonly #given: { readonly name: RelationName; readonly oid: number | null }[] = [];

  constructor(row: CatalogRow, serverVersion: number) {
    this.serverVersion = serverVersion;
    this.#row = row;
    this.#relations = new Map(
      row.relations.map((relation) => [relation.oid, { ...relation, state: "present" }]),
    );
  }

  /** Finds a relation by its name; one that is not there is "missing". */
  find(name: RelationName, path: string | null = null): Relation {
    const given = this.#given.findLast((each) => isSameName(each.name, name));
    const oid = given === undefined ? this.#row.asked[keyOf(name, path)] : given.oid;
    return this.get(oid) ?? { ...nothing, ...name, text: textOf(name), schema: name.schema ?? "" };
  }

  get(oid: number | null | undefined): Relation | undefined {
    return this.#relations.get(oid ?? 0);
  }

  /** Adds a relation that a statement creates. */
  create(name: RelationName, facts: Partial<Relation>): void {
    const oid = -1 - this.#relations.size;
    const { schema = "" } = name;
    this.#relations.set(oid, {
      ...nothing,
      text: textOf(name),
      schema,
      name: name.name,
      oid,
      state: "new",
      ...facts,
    });
    this.name(name, oid);
  }

  /** Gives a name to a relation, or takes it away from whichever has it. */
  name(name: RelationName, oid: number | null): void {
    this.#given.push({ name, oid });
  }

  change({ oid }: Relation, change: (relation: Relation) => Partial<Relation>): void {
    const relation = this.get(oid);
    if (relation !== undefined) this.#relations.set(oid, { ...relation, ...change(relation) });
  }

  /** What the user may do with schemas, extensions and the database. */
  get rights(): Pick<
    CatalogRow,
    "schemas" | "extensions" | "can_create" | "default_schema" | "database"
  > {
    return this.#row;
  }

  type(text: string): CatalogRow["types"][number] | undefined {
    return this.#row.types.find(({ key }) => key === text);
  }

  function({ schema, name }: FunctionName): CatalogRow["functions"][number] | undefined {
    return this.#row.functions.find((each) => each.schema === schema && each.name === name);
  }

  isBinaryCast(from: number, to: number): boolean {
    return this.#row.binary_casts.some(([source, target]) => source === from && target === to);
  }

  /** Partitions and other children, at any depth. */
  descendants({ oid }: Relation): Relation[] {
    const children = this.#where(({ parents }) => parents?.includes(oid) === true);
    return children.concat(children.flatMap((child) => this.descendants(child)));
  }

  /** The tables to whose rows foreign keys of a table refer. */
  referenced({ oid, constraints }: Relation): Relation[] {
    const oids = new Set((constraints ?? []).map(({ references }) => references));
    return this.#where((each) => oids.has(each.oid) && each.oid !== oid);
  }

  /** The tables whose foreign keys refer to a table. */
  referencing({ oid }: Relation): Relation[] {
    return this.#where(
      (each) =>
        each.oid !== oid && (each.constraints ?? []).some(({ references }) => references === oid),
    );
  }

  /** The views that read a relation, or a column of it, at any depth. */
  dependentViews({ oid }: Relation, column?: string): Relation[] {
    const isReader = ({ reads, reads_columns: columns }: Relation): boolean =>
      column === undefined
        ? reads?.includes(oid) === true
        : columns?.some(([relation, name]) => relation === oid && name === column) === true;
    const views = this.#where(isReader);
    return views.concat(views.flatMap((view) => this.dependentViews(view)));
  }

  #where(condition: (relation: Relation) => boolean): Relation[] {
    return [...this.#relations.values()].filter(condition);
  }
}

const nothing: Relation = {
  state: "missing",
  oid: 0,
  schema: "",
  name: "",
  text: "",
  kind: "r",
  persistence: "p",
  owner: "",
  is_owner: true,
  can_drop: true,
  can_maintain: null,
  privileges: [],
  access_method: null,
  parents: null,
  default_partition: null,
  table: null,
  reads: null,
  reads_columns: null,
  columns: null,
  constraints: null,
  indexes: null,
  triggers: 0,
};

function isSameName(given: RelationName, asked: RelationName): boolean {
  // A name without a schema and one with it are taken to mean the same, as most projects have one schema.
  const differ =
    given.schema !== undefined && asked.schema !== undefined && given.schema !== asked.schema;
  return given.name === asked.name && !differ;
}

function textOf({ schema, name }: RelationName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** Asks the database for everything that the statements name, in one round trip; takes no lock on any of it. */
export async function readCatalog(
  database: Database,
  statements: readonly SetStatement[],
  serverVersion: number,
): Promise<Catalog> {
  const named = statements.map((statement) => ({ ...namesOfStatement(statement), statement }));
  const relations = new Map(
    named.flatMap((each) =>
      each.relations.map((name) => {
        const { path, tree } = each.statement;
        const key = keyOf(name, path);
        const cascade = JSON.stringify(tree).includes('"DROP_CASCADE"');
        return [
          `${key} ${cascade}`,
          { key, schema: name.schema, name: relationText(name), path, cascade },
        ] as const;
      }),
    ),
  );
  const types = new Set(named.flatMap((each) => each.types));
  const functions = new Map(
    named.flatMap((each) => each.functions.map((name) => [JSON.stringify(name), name] as const)),
  );
  const [row] = await catalogQuery(database, {
    relations: [...relations.values()],
    types: Array.from(types, (name) => ({ key: name, name })),
    functions: [...functions.values()],
    extensions: statements.flatMap(({ kind, tree }) =>
      kind === "CreateExtensionStmt" ? [{ name: tree["extname"] }] : [],
    ),
  });
  if (row === undefined) throw new Error("The query for the catalog returned no row.");
  return new Catalog(row, serverVersion);
}

function keyOf(name: RelationName, path: string | null): string {
  return JSON.stringify([path, relationText(name)]);
}
