import type { Database } from "../../db/database.ts";
import { readTogether } from "../../db/sql-file.ts";
import { assembleObjects, defaultPrivileges, type SchemaObject } from "./assemble-objects.ts";
import { dependencies, facts, objects, ownObjects, privileges, properties } from "./queries.ts";
import type { SchemaFacts } from "./rows.ts";

/** What a database holds beside the tool's own objects. */
export interface Schema {
  readonly facts: SchemaFacts;
  readonly objects: readonly SchemaObject[];
}

/**
 * Reads the objects of a database. Its owner is told of an object unless that is the role which owns the ledger, or one
 * of `usualOwners`: which role migrates differs from server to server.
 */
export async function readSchema(
  database: Database,
  usualOwners: readonly string[] = [],
): Promise<Schema> {
  const [servers, needs, said, granted, ...listed] = await readTogether(database, [
    facts,
    dependencies,
    properties,
    privileges,
    ...objects,
  ]);
  const [server] = servers;
  if (server === undefined) throw new Error("The query for the server returned no row.");
  const usual = new Set([server.usual_owner, ...usualOwners]);
  return {
    facts: server,
    objects: assembleObjects({
      objects: [...listed.flat(), ...defaultPrivileges(granted)],
      dependencies: needs,
      statements: [
        ...said.filter(({ owner }) => owner === null || !usual.has(owner)),
        ...granted.filter((row) => row.default_privileges === null),
      ],
      own: server.has_engine ? await ownObjects(database) : [],
    }),
  };
}
