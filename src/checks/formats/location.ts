import type { CheckResult, Finding } from "../results.ts";

type Location = NonNullable<Finding["location"]>;

/**
 * Returns where a finding stands, with the path from the root of the repository. What stands in no file is shown at the
 * newest migration: the formats of others know files only.
 */
export function locationOf(
  { location }: Pick<Finding, "location">,
  { folder, migrations }: Pick<CheckResult, "folder" | "migrations">,
): Location {
  const { file, line, column } = location ?? {
    file: migrations.newest ?? "migrations",
    line: 1,
    column: 1,
  };
  return { file: folder + file, line, column };
}
