import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { splitStatements } from "../core/statements.ts";
import { runSettings } from "./run-settings.ts";

/** A statement of a transaction:false migration failed; those before it have committed. */
export class HalfWayError extends Error {
  readonly error: ServerError;
  readonly statement: { readonly text: string; readonly index: number };
  /** How many statements before it have committed. */
  readonly done: number;

  constructor(error: ServerError, statement: HalfWayError["statement"], done: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.statement = statement;
    this.done = done;
  }
}

/** Runs statements one by one, each committing by itself, then records them; throws HalfWayError. */
export async function runOutsideTransaction(
  database: Database,
  { version, sql }: { readonly version: string; readonly sql: string },
  record: () => Promise<unknown>,
): Promise<void> {
  await database.query("select public.set_session($1)", [runSettings()]);
  await database.query("select public.begin_migration($1)", [version]);
  let done = 0;
  for (const statement of splitStatements(sql)) {
    try {
      await database.query(statement.text);
    } catch (error) {
      throw error instanceof ServerError ? new HalfWayError(error, statement, done) : error;
    }
    done += 1;
  }
  await record();
  await database.query("select public.end_migration($1, $2)", [version, runSettings()]);
}
