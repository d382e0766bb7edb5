import type postgres from "postgres";
import { sourceTextOf } from "../../src/core/source-text.ts";
import { loadSqlParser } from "../../src/core/sql-parser.ts";
import { parseDefinitionFile } from "../../src/project/definition-file.ts";
import { orderDefinitions } from "../../src/project/definition-order.ts";
import { definitionEntry } from "../../src/migrations/run/apply-definitions.ts";

/** Applies files of functions/ and views/, by path, as `migrate` does, and returns the paths of those that it ran. */
export async function applyDefinitions(
  sql: postgres.Sql,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  await loadSqlParser();
  const definitions = Object.entries(files).map(([path, text]) =>
    parseDefinitionFile(
      sourceTextOf(path, text),
      path.startsWith("functions/") ? "function" : "view",
    ),
  );
  const entries = JSON.stringify(orderDefinitions(definitions).map(definitionEntry));
  const rows = await sql.begin(
    async (session) =>
      session<{ path: string }[]>`
        select path from apply_definitions(${entries}::text::jsonb) as path`,
  );
  return rows.map(({ path }) => path);
}
