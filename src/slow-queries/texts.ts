import type { Database } from "../db/database.ts";
import { ownMark, readComposed } from "../db/sql-file.ts";
import { skipBlank } from "../core/comments.ts";
import { statementsFunction } from "./read.ts";
import { keyOf, type Statement } from "./reading.ts";
import type { Server } from "./rows.ts";

/** What a statement is: one of the application, one that only controls its session, or one of this tool. */
export type Kind = "ordinary" | "utility" | "own";

/** What is known of a statement's text; of most only the kind, which they have when it is not "ordinary". */
export interface KnownText {
  readonly kind: Kind;
  readonly text: string | null;
}

/**
 * Reads the texts of the statements `wanted`, and finds out which of all the others are not ordinary; by entry. The
 * server reads the file of all texts for it, whose size decides how long it takes: call it once where that is possible.
 */
export async function readTexts(
  database: Database,
  server: Server,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KnownText>> {
  const [rows = []] = await readComposed(database, [textsQuery(server, [...wanted])]);
  return new Map(
    (rows as readonly TextRow[]).map((row) => {
      const { query, isWhole } = row;
      return [keyOf(row), { kind: kindOf(query), text: isWhole ? query : null }];
    }),
  );
}

type TextRow = Pick<Statement, "userId" | "databaseId" | "queryId" | "isTopLevel"> & {
  readonly query: string;
  readonly isWhole: boolean;
};

/** Reading and writing without a comment before it is ordinary, and need not be sent; but our own begins with it too. */
function textsQuery(server: Server, wanted: readonly string[]): string {
  const level = server.columns?.includes("toplevel") === true ? "s.toplevel" : "true";
  const isWanted = `s.queryid = any ('{${wanted.join(",")}}')`;
  return `select
    s.userid::bigint as "userId",
    s.dbid::bigint as "databaseId",
    s.queryid::text as "queryId",
    ${level} as "isTopLevel",
    ${isWanted} as "isWhole",
    case when ${isWanted} then s.query when left(s.query, 1) in ('-', '/') then left(s.query, 2000) else left(s.query, 60) end as query
from ${statementsFunction(server)}(true) s
where s.queryid is not null
    and s.query is not null
    and (
        ${isWanted}
        or lower(left(s.query, 6)) not in ('select', 'insert', 'update', 'delete')
        or strpos(left(s.query, 60), '${ownMark}') > 0
    )`;
}

/** Finds out from its beginning what a statement is. */
export function kindOf(query: string): Kind {
  const body = query.slice(skipBlank(query));
  const word = /^\w+/.exec(body)?.[0] ?? "";
  if (body.startsWith(` ${ownMark}`, word.length)) return "own";
  return utilityWords.has(word.toLowerCase()) ? "utility" : "ordinary";
}

/** Statements that control a session or a transaction; others, such as COPY or REFRESH, may be what one looks for. */
const utilityWords = new Set([
  "abort",
  "begin",
  "close",
  "commit",
  "deallocate",
  "discard",
  "end",
  "listen",
  "notify",
  "prepare",
  "release",
  "reset",
  "rollback",
  "savepoint",
  "set",
  "show",
  "start",
  "unlisten",
]);
