import type { SchemaObject } from "./assemble-objects.ts";
import { orderObjects } from "./order-objects.ts";
import type { Schema } from "./read-schema.ts";

/**
 * Writes a schema as one SQL file, which psql or any other client runs in an empty database. Partitions that come and
 * go as time passes are left out: the file would change from month to month, and `migrate` creates them.
 */
export function schemaText({ facts, objects }: Schema): string {
  const lasting = objects.filter(({ isPassing }) => !isPassing);
  return [
    `-- The schema that the migrations, functions and views of this project make; PostgreSQL ${majorOf(facts.version_number)}.`,
    "-- Written by doramaflix-db snapshot-schema: to be read and compared, not to be edited.",
    "",
    "BEGIN;",
    "SET LOCAL search_path = pg_catalog, pg_temp;",
    "SET LOCAL check_function_bodies = off;",
    "SET LOCAL client_min_messages = warning;",
    "",
    bodyText(orderObjects(lasting)),
    "",
    "COMMIT;",
    "",
  ].join("\n");
}

/** The major version in server_version_num. */
export function majorOf(versionNumber: number): number {
  return Math.floor(versionNumber / 10_000);
}

/** What hangs on a table stands below it without an empty line. */
function bodyText(objects: readonly SchemaObject[]): string {
  return objects
    .map(({ relation, name, definition }, place) => {
      const follows = relation !== null && relation !== name;
      const isTogether = follows && objects[place - 1]?.relation === relation;
      return `${place === 0 ? "" : isTogether ? "\n" : "\n\n"}${definition}`;
    })
    .join("");
}
