import type { Project } from "../../project/project.ts";
import type { DefinitionRow } from "../rows.ts";

/** How a file of functions/ or views/ stands between the project and the database. */
export interface ComparedDefinition {
  readonly path: string;
  readonly state: "current" | "pending" | "changed" | "dropped" | "file missing";
  readonly row: DefinitionRow | undefined;
}

/** Compares the files with what was last applied: functions, then views, then what has no file any more. */
export function compareDefinitions(
  { functions, views }: Project,
  rows: readonly DefinitionRow[],
): ComparedDefinition[] {
  const rowByPath = new Map(rows.map((row) => [row.path, row]));
  const files = [...functions, ...views];
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...files.map(({ path, checksum }): ComparedDefinition => {
      const row = rowByPath.get(path);
      if (row === undefined) return { path, state: "pending", row };
      if (!row.present) return { path, state: "dropped", row };
      return { path, state: row.checksum === checksum ? "current" : "changed", row };
    }),
    // One that is dropped and has no file is history.
    ...rows
      .filter((row) => row.present && !paths.has(row.path))
      .map((row): ComparedDefinition => ({ path: row.path, state: "file missing", row })),
  ];
}
