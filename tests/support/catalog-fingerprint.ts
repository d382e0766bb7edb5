import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";
import { packageRoot } from "../../src/core/package-root.ts";

/**
 * Returns all that the catalog of a database says, line by line, in a fixed order. Every name is qualified, whatever
 * search_path the session has.
 */
export async function catalogFingerprint(sql: postgres.Sql): Promise<string[]> {
  const text = await readFile(join(packageRoot, "sql/queries/checks/fingerprint.sql"), "utf8");
  const rows = await sql.begin("isolation level repeatable read, read only", async (session) => {
    await session.unsafe("set local search_path = pg_catalog, pg_temp");
    return session.unsafe<{ text: string }[]>(text);
  });
  return rows.map((row) => row.text);
}

/**
 * Returns the lines that only one of two fingerprints has, "- " before those that have gone and "+ " before those that
 * have come; an empty text when there are none. `expect(fingerprintDifference(…)).toBe("")` shows nothing else.
 */
export function fingerprintDifference(before: readonly string[], after: readonly string[]): string {
  const surplus = new Map<string, number>();
  for (const line of before) surplus.set(line, (surplus.get(line) ?? 0) + 1);
  for (const line of after) surplus.set(line, (surplus.get(line) ?? 0) - 1);
  return [...surplus]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([line, count]) =>
      Array.from({ length: Math.abs(count) }, () => `${count > 0 ? "-" : "+"} ${line}`),
    )
    .join("\n");
}
