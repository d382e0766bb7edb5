import type { Database } from "../../db/database.ts";
import { fingerprint } from "../queries.ts";

/** What the catalog says of a database, line by line. */
export type Fingerprint = readonly string[];

export async function readFingerprint(database: Database): Promise<Fingerprint> {
  return (await fingerprint(database)).map(({ text }) => text);
}

/** Lines that only one of two fingerprints has: "- " stands before those that have gone, "+ " before those that came. */
export function differencesOf(before: Fingerprint, after: Fingerprint): string[] {
  const surplus = new Map<string, number>();
  for (const line of before) surplus.set(line, (surplus.get(line) ?? 0) + 1);
  for (const line of after) surplus.set(line, (surplus.get(line) ?? 0) - 1);
  return [...surplus]
    .filter(([, count]) => count !== 0)
    .map(([line, count]) => `${count > 0 ? "-" : "+"} ${line}`)
    .toSorted((one, other) => compare(one.slice(2), other.slice(2)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
