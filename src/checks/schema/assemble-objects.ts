import { engineTables } from "../../core/engine-tables.ts";
import type { DependencyRow, ObjectRow, OwnObject, PrivilegeRow } from "./rows.ts";

/** One object of a database and the statements that make it as it is, with its owner, comments and privileges. */
export interface SchemaObject {
  readonly address: string;
  readonly kind: string;
  readonly schema: string | null;
  readonly name: string;
  /** The table, view or domain that it is or belongs to. */
  readonly relation: string | null;
  readonly definition: string;
  /** Whether it belongs to a partition that comes and goes as time passes. */
  readonly isPassing: boolean;
  /** The addresses of the objects that have to be there before it. */
  readonly needs: readonly string[];
}

/** What the queries returned. */
export interface SchemaRows {
  readonly objects: readonly ObjectRow[];
  readonly dependencies: readonly DependencyRow[];
  /** Of owners, comments and privileges, in the order in which they are to run. */
  readonly statements: readonly { readonly address: string; readonly statement: string }[];
  readonly own: readonly OwnObject[];
}

/**
 * Puts objects, what is said of them and what they need together. Leaves out what the tool installed, and the
 * partitions that come and go with all that they have of their parents.
 */
export function assembleObjects(rows: SchemaRows): SchemaObject[] {
  const objectAt = finderOf(rows);
  const statements = collect(rows.statements, ({ address, statement }) => [
    objectAt(address),
    statement,
  ]);
  const needs = collect(rows.dependencies, (row) => [objectAt(row.address), objectAt(row.needs)]);
  const kinds = new Map(rows.objects.map(({ address, kind }) => [address, kind]));
  const passing = new Set(rows.own.filter((each) => each.is_partition).map(({ name }) => name));
  const isOwn = ownTest(rows, needs);
  return rows.objects
    .filter((object) => !isOwn(object))
    .map((object): SchemaObject => {
      const { address, kind, schema, name, relation, definition } = object;
      return {
        address,
        kind,
        schema,
        name,
        relation,
        definition: [definition, ...(statements.get(address) ?? [])].join("\n"),
        isPassing: relation !== null && passing.has(relation),
        needs: [...new Set(needs.get(address))].filter((need) => need !== address),
      };
    })
    .filter(({ isPassing, kind, name, relation, needs: all }) => {
      // An index or a constraint that needs another one is attached to that of the parent.
      const isInherited = name === relation || all.some((need) => kinds.get(need) === kind);
      return !(isPassing && isInherited);
    });
}

/** Finds the object that has an address, or of which that is a part. */
function finderOf({ objects, dependencies }: SchemaRows): (address: string) => string | undefined {
  const listed = new Set(objects.map(({ address }) => address));
  const wholes = new Map(
    dependencies.filter(({ is_part }) => is_part).map((row) => [row.address, row.needs]),
  );
  return (address) => {
    let place: string | undefined = address;
    while (place !== undefined && !listed.has(place)) place = wholes.get(place);
    return place;
  };
}

/** The tool's tables with all that hangs on them, its routines, and the event triggers that call these. */
function ownTest(
  { objects, own }: SchemaRows,
  needs: ReadonlyMap<string, readonly string[]>,
): (object: ObjectRow) => boolean {
  const routineNames = new Set(own.filter((each) => !each.is_partition).map(({ name }) => name));
  const tables = new Set(own.length === 0 ? [] : engineTables());
  const routines = new Set(
    objects
      .filter(({ kind, name }) => isRoutine(kind) && routineNames.has(name))
      .map((each) => each.address),
  );
  return ({ address, kind, relation }) =>
    routines.has(address) ||
    (relation !== null && tables.has(relation.replace(/^public\./, ""))) ||
    (kind === "event trigger" && (needs.get(address) ?? []).some((need) => routines.has(need)));
}

function isRoutine(kind: string): boolean {
  return kind === "function" || kind === "procedure";
}

/** Groups the second of each pair by the first; leaves out pairs that lack one. */
function collect<Row>(
  rows: readonly Row[],
  pairOf: (row: Row) => readonly [string | undefined, string | undefined],
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const [key, value] = pairOf(row);
    if (key === undefined || value === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** The default privileges as objects: they belong to none, and are a difference like any other. */
export function defaultPrivileges(rows: readonly PrivilegeRow[]): ObjectRow[] {
  const named = rows.filter((row) => row.default_privileges !== null);
  const statements = collect(named, ({ address, statement }) => [address, statement]);
  return [...new Map(named.map((row) => [row.address, row])).values()].map((row) => ({
    address: row.address,
    kind: "default privileges",
    schema: null,
    name: row.default_privileges ?? "",
    relation: null,
    definition: (statements.get(row.address) ?? []).join("\n"),
  }));
}
