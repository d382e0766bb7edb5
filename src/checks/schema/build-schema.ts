import type { Context, PostgresMajor, ScratchOptions } from "../../context.ts";
import { quoteLiteral } from "../../core/identifiers.ts";
import { sourceTextOf, type SourceText } from "../../core/source-text.ts";
import { readSchema, type Schema } from "./read-schema.ts";

/** Builds the schema that the files of the project make, on a server that goes afterwards. */
export async function buildSchema(
  { withScratchServer }: Pick<Context, "withScratchServer">,
  options: ScratchOptions,
  usualOwners: readonly string[] = [],
): Promise<Schema> {
  return withScratchServer(options, async ({ withDatabase }) =>
    withDatabase(async ({ database, complete }) => {
      await complete();
      return readSchema(database, usualOwners);
    }),
  );
}

/** Returns the version where npm has a server of it; undefined for another, as for a newer one. */
export function knownMajor(major: string | undefined): PostgresMajor | undefined {
  return (["15", "16", "17", "18"] as const).find((known) => known === major);
}

/** Writes a script that creates the roles which are not there. */
export function rolesScript(names: readonly string[]): SourceText {
  const list = quoteLiteral(JSON.stringify(names));
  return sourceTextOf(
    "roles.sql",
    `
      do $do$
      declare
          role text;
      begin
          for role in
              select name
              from pg_catalog.jsonb_array_elements_text(${list}::jsonb) name
              where name not in (select rolname from pg_catalog.pg_roles)
          loop
              execute pg_catalog.format('create role %I', role);
          end loop;
      end
      $do$;
    `,
  );
}
