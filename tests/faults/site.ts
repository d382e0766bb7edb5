import { randomBytes } from "node:crypto";
import postgres from "postgres";

/** A server, and a database on it that attempts copy. */
export interface Site {
  /** Address of a database that is always there. */
  readonly url: string;
  readonly template: string;
}

/** Runs something in a session of its own, for none lives through a crash. */
export async function withSession<Result>(
  url: string,
  use: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * Creates a database and returns its name; it goes with the server. Files are copied, because a sequence that was copied
 * through the write-ahead log, which is the default, gives the same numbers again after a crash.
 */
export async function createOn(url: string, template = "template1"): Promise<string> {
  const name = `site_${randomBytes(6).toString("hex")}`;
  const statement = `create database ${name} template ${template} strategy file_copy`;
  await withSession(url, async (sql) => sql.unsafe(statement));
  return name;
}

/** Returns the address of a database of the same server. */
export function addressOf(url: string, database: string): string {
  return new URL(`/${database}`, url).href;
}

/** Runs `use` with the address of a copy, which goes when it has ended. */
export async function withCopy<Result>(
  { url, template }: Site,
  use: (url: string, name: string) => Promise<Result>,
): Promise<Result> {
  const name = await createOn(url, template);
  try {
    return await use(addressOf(url, name), name);
  } finally {
    await withSession(url, async (sql) => sql.unsafe(`drop database ${name} with (force)`));
  }
}
