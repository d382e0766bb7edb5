import { readFile } from "node:fs/promises";
import type postgres from "postgres";

/** Returns all that the catalog of a database says, line by line, so that two of them make a readable difference. */
export async function catalogFingerprint(sql: postgres.Sql): Promise<string[]> {
  const text = await readFile(new URL("catalog-fingerprint.sql", import.meta.url), "utf8");
  const rows = await sql.unsafe<{ text: string }[]>(text);
  return rows.map((row) => row.text);
}
