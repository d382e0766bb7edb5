import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import { describeSessions } from "../../output/locking-sessions.ts";
import type { Failure } from "../../output/results.ts";
import { formatDuration } from "../../output/units.ts";
import { lockHolders, uniqueIndexes } from "../queries.ts";

/** What was tried on which server, when it failed. */
export interface FailedRefresh {
  readonly database: Database;
  /** PostgreSQL's number of its version, such as 170005. */
  readonly serverVersion: number;
  /** Milliseconds. */
  readonly patience: number;
  readonly view: string;
  readonly mode: string | null;
}

type Cure = (error: ServerError, failed: FailedRefresh) => Cured | Promise<Cured>;

type Cured = Partial<Pick<Failure, "detail" | "hint">>;

/** Says why a refresh failed and, where a cure is known, what it is. */
export async function explainFailure(error: ServerError, failed: FailedRefresh): Promise<Failure> {
  const { message, detail = null, hint = null, sqlState } = error;
  const plain = { message, detail, hint: hint ?? hintOf(error), sqlState };
  try {
    return { ...plain, ...(await cures[sqlState]?.(error, failed)) };
  } catch (other) {
    // What is asked for the cure may be refused too; the reason of the failure is worth more than that.
    if (other instanceof ServerError) return plain;
    throw other;
  }
}

/** What stands in the context of an error inside of the view's query. */
const inRefresh = 'SQL statement "refresh materialized view';

function hintOf({ context = "" }: ServerError): string | null {
  return context.includes(inRefresh)
    ? "The query of the view fails: correct the view, or the rows that it reads."
    : null;
}

const duplicates: Cure = async ({ detail }, { database, view }) => {
  const indexes = await uniqueIndexes(database, [view]);
  if (indexes.length === 0) return {};
  return {
    detail: joined(
      detail,
      ...indexes.map(({ index, columns }) => `Index ${index} is unique over (${columns}).`),
    ),
    hint: [
      "The query of the view returns rows that its unique index does not allow; they are found by:",
      ...indexes.map(({ query }) => query),
    ].join("\n"),
  };
};

const lockNotToBeHad: Cure = async ({ detail }, { database, view, mode, patience }) => {
  const held = await lockHolders(database, { view, mode: mode ?? "plain" });
  const waited = `It did not get its locks within ${formatDuration(patience)}.`;
  if (held.length === 0)
    return { detail: joined(detail, waited), hint: "Nobody has them any more: run it again." };
  return {
    detail: joined(detail, waited, ...describeSessions(held)),
    hint: "Wait for these sessions or end them, or give more --patience.",
  };
};

/** SQLSTATEs of a name that is not found. */
const nameNotFound: Cure = ({ context = "", detail, hint }, { serverVersion }) => {
  const [calls = ""] = context.split(inRefresh);
  if (serverVersion < 170_000 || calls.trim() === "") return {};
  return {
    detail: joined(detail, `In ${calls.trim()}`, hint),
    hint: "Since PostgreSQL 17 a refresh runs with a search_path of the system alone: name the schema in the function, or give it a search_path with SET.",
  };
};

const rightMissing: Cure = ({ message, context = "", hint }, { serverVersion, view }) => {
  const isInQuery = context.includes(inRefresh);
  if (/\bmaterialized view\b/.test(message)) {
    const grant = `, or let the owner run: GRANT MAINTAIN ON ${view} TO …;`;
    return {
      hint: `Connect as its owner${serverVersion < 170_000 ? " or as a member of that role." : grant}`,
    };
  }
  return {
    hint: isInQuery
      ? "The query of a view runs with the rights of the view's owner: grant them what the message names."
      : (hint ?? "Connect as the owner of what the message names, or let the owner grant it."),
  };
};

const cures: Readonly<Record<string, Cure>> = {
  "21000": duplicates,
  "23505": duplicates,
  "55P03": lockNotToBeHad,
  "42P01": nameNotFound,
  "42883": nameNotFound,
  "42704": nameNotFound,
  "42501": rightMissing,
  "0A000": always(
    "Without data it can only be refreshed plainly, and its query may read nothing that has none: refresh with --plain, in the order of the levels.",
  ),
  "55000": always(
    "A materialized view that is not populated cannot be read: refresh that one first.",
  ),
  DF050: always("The user's or the database's default_transaction_isolation stands in the way."),
  "57014": always("statement_timeout, or somebody else, has cancelled it."),
};

function always(hint: string): Cure {
  return ({ hint: own }) => ({ hint: own ?? hint });
}

function joined(...lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined).join("\n");
}
