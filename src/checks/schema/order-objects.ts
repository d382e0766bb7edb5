import type { SchemaObject } from "./assemble-objects.ts";

/** The order of the kinds; those of one list stand together, table by table. */
const groups: readonly (readonly string[])[] = [
  ["schema"],
  ["extension"],
  ["collation"],
  ["text search dictionary"],
  ["text search configuration"],
  ["foreign data wrapper"],
  ["server"],
  ["type", "domain", "domain constraint"],
  ["sequence"],
  ["table", "foreign table", "default", "constraint", "index"],
  ["foreign key"],
  ["function", "procedure", "aggregate"],
  ["operator"],
  ["cast"],
  ["view", "materialized view", "index"],
  ["rule"],
  ["trigger"],
  ["policy"],
  ["statistics"],
  ["publication"],
  ["setting"],
  // Whatever is created after them is changed by them.
  ["default privileges"],
  ["event trigger"],
  ["other"],
];

/**
 * Returns the objects in an order that hangs on their kinds and names alone, but for those that others need: they come
 * before the first that needs them. So an object that is added changes nothing elsewhere.
 */
export function orderObjects(objects: readonly SchemaObject[]): SchemaObject[] {
  const found = new Map(sortByName(objects).map((object) => [object.address, object]));
  const places = new Map([...found.keys()].map((address, place) => [address, place]));
  const placeOf = (address: string): number => places.get(address) ?? Infinity;
  const ordered: SchemaObject[] = [];
  const visited = new Set<string>();
  const add = (address: string): void => {
    const object = found.get(address);
    if (object === undefined || visited.has(address)) return;
    visited.add(address);
    object.needs.toSorted((one, other) => placeOf(one) - placeOf(other)).forEach(add);
    ordered.push(object);
  };
  [...found.keys()].forEach(add);
  return ordered;
}

function sortByName(objects: readonly SchemaObject[]): SchemaObject[] {
  const materialized = new Set(
    objects.filter(({ kind }) => kind === "materialized view").map(({ name }) => name),
  );
  const keyOf = ({ kind, schema, relation, name }: SchemaObject): string => {
    // Its index stands with a view, which is after all tables.
    const groupKind = materialized.has(relation ?? "") ? "view" : kind;
    const group = groups.findIndex((kinds) => kinds.includes(groupKind));
    const place = groups[group]?.indexOf(kind) ?? 0;
    return [String(group).padStart(2, "0"), schema ?? "", relation ?? name, place, name].join("\0");
  };
  return objects
    .map((object) => ({ object, key: keyOf(object) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ object }) => object);
}
