import type { Database, Parameter } from "../../db/database.ts";
import { parseStatements } from "../../core/sql-parser.ts";
import type { JournaledStatement } from "./journal.ts";
import type { JournalRow } from "../rows.ts";
import { mannerOf, type StatementEffect } from "./statement-effect.ts";

/** Who a session is, and where it looks for names. */
interface Identity {
  readonly session_user: string;
  readonly role: string;
  readonly search_path: string;
}

/** Which migration a journal is of. */
interface JournalKey {
  readonly name: string;
  readonly direction: "up" | "down";
}

/**
 * The journal of one migration that runs outside a transaction. Its functions are called as the user of the run, also
 * while a statement of the migration has taken on a role that may not call them.
 */
export class StatementJournal {
  readonly #database: Database;
  readonly #key: JournalKey;
  readonly #own: Identity;

  private constructor(database: Database, key: JournalKey, own: Identity) {
    this.#database = database;
    this.#key = key;
    this.#own = own;
  }

  static async open(
    database: Database,
    { name, direction }: JournalKey,
  ): Promise<StatementJournal> {
    return new StatementJournal(database, { name, direction }, await identityOf(database));
  }

  async begin(
    { place, recorded, checksum }: JournaledStatement,
    effect: StatementEffect | undefined,
  ): Promise<void> {
    const { name, direction } = this.#key;
    await this.call("select public.begin_statement($1, $2, $3, $4, $5, $6)", [
      name,
      direction,
      place,
      recorded,
      checksum,
      effect ?? null,
    ]);
  }

  async end(place: number): Promise<void> {
    const { name, direction } = this.#key;
    await this.call("select public.end_statement($1, $2, $3)", [name, direction, place]);
  }

  /** Tells whether the catalog shows that a statement with this effect has run. */
  async isDone(effect: StatementEffect): Promise<boolean> {
    const [row] = await this.call("select public.statement_is_done($1) as done", [effect]);
    return (row as { readonly done: boolean } | undefined)?.done ?? false;
  }

  /** Returns statements that clear away what one with this effect has left behind. */
  async leftovers(effect: StatementEffect | undefined): Promise<string[]> {
    if (effect === undefined) return [];
    const rows = await this.call("select public.statement_leftovers($1) as statement", [effect]);
    return (rows as readonly { readonly statement: string }[]).map(({ statement }) => statement);
  }

  /** Ends what `record` records, and clears the session. */
  async close(
    record: () => Promise<unknown>,
    settings: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { session_user: user, role, search_path: path } = await identityOf(this.#database);
    await this.#becomeRunner();
    await record();
    await this.#database.query(
      "select public.end_migration($1, $2, array[$3::text, $4::text, $5::text])",
      [this.#key.name, settings, user, role, path],
    );
  }

  async call(text: string, parameters: readonly Parameter[]): Promise<readonly object[]> {
    const found = await identityOf(this.#database);
    const { session_user: user, role } = this.#own;
    if (found.session_user === user && found.role === role)
      return this.#database.query(text, parameters);
    await this.#becomeRunner();
    const rows = await this.#database.query(text, parameters);
    await this.#database.query(
      "select pg_catalog.set_config('session_authorization', $1, false), pg_catalog.set_config('role', $2, false)",
      [found.session_user, found.role],
    );
    return rows;
  }

  async #becomeRunner(): Promise<void> {
    await this.#database.query("reset session authorization; reset role");
  }
}

async function identityOf(database: Database): Promise<Identity> {
  const [row] = await database.query(
    "select session_user::text, pg_catalog.current_setting('role') as role, pg_catalog.current_setting('search_path') as search_path",
  );
  if (row === undefined) throw new Error("The session did not say who it is.");
  return row as Identity;
}

/** Returns the effect of a statement that the journal holds. */
export function recordedEffect({ statement }: JournalRow): StatementEffect | undefined {
  const [parsed] = parseStatements(statement);
  return parsed && mannerOf(parsed).effect;
}
