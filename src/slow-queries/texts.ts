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
 * Reads the texts of the statements `wanted`, and finds out which of all the others are not ordinary; by entry. Where
 * those that are wanted are stored with the snapshots, they are taken from there, and what is too new to be stored and
 * not wanted passes for ordinary. Otherwise the server reads the file of all texts, whose size decides how long it takes.
 */
export async function readTexts(
  database: Database,
  server: Server,
  wanted: readonly Statement[],
): Promise<ReadonlyMap<string, KnownText>> {
  if (server.reads_snapshots) {
    const stored = await readStoredTexts(database, wanted);
    if (areWhole(stored, wanted)) return stored;
  }
  return readServerTexts(database, server, wanted);
}

/** Says whether there is a text of each statement. */
export function areWhole(
  texts: ReadonlyMap<string, KnownText>,
  statements: readonly Statement[],
): boolean {
  return statements.every((statement) => typeof texts.get(keyOf(statement))?.text === "string");
}

/** Reads the texts that the server has now. */
export async function readServerTexts(
  database: Database,
  server: Server,
  wanted: readonly Statement[],
): Promise<ReadonlyMap<string, KnownText>> {
  return textsOf(database, textsQuery(server, wanted));
}

/** Reads the texts that are stored, also those of statements that are gone. */
export async function readStoredTexts(
  database: Database,
  wanted: readonly Statement[],
): Promise<Map<string, KnownText>> {
  return textsOf(database, storedTextsQuery(wanted));
}

async function textsOf(database: Database, query: string): Promise<Map<string, KnownText>> {
  const [rows = []] = await readComposed(database, [query]);
  return new Map(
    (rows as readonly TextRow[]).map((row) => {
      const { query: text, isWhole } = row;
      return [keyOf(row), { kind: kindOf(text), text: isWhole ? text : null }];
    }),
  );
}

type TextRow = Pick<Statement, "userId" | "databaseId" | "queryId" | "isTopLevel"> & {
  readonly query: string;
  readonly isWhole: boolean;
};

function textsQuery(server: Server, wanted: readonly Statement[]): string {
  return `select
    ${liveKey(server)},
    ${neededText({ id: "s.queryid", query: "s.query", opening: "left(s.query, 60)" }, wanted)}
from ${statementsFunction(server)}(true) s
where s.queryid is not null
    and s.query is not null
    and ${isNeeded({ id: "s.queryid", opening: "left(s.query, 60)" }, wanted)}`;
}

function liveKey({ columns }: Server): string {
  return `s.userid::bigint as "userId",
    s.dbid::bigint as "databaseId",
    s.queryid::text as "queryId",
    ${columns?.includes("toplevel") === true ? "s.toplevel" : "true"} as "isTopLevel"`;
}

const storedKey = `e.user_id::bigint as "userId",
    e.database_id::bigint as "databaseId",
    e.query_id::text as "queryId",
    e.is_top_level as "isTopLevel"`;

function storedTextsQuery(wanted: readonly Statement[]): string {
  return `select
    ${storedKey},
    ${neededText({ id: "e.query_id", query: "t.query", opening: "t.opening" }, wanted)}
from public.statement_entries e
join public.statement_texts t using (digest)
where ${isNeeded({ id: "e.query_id", opening: "t.opening" }, wanted)}`;
}

/** Where a statement's number, text, and the beginning of that stand. */
interface Places {
  readonly id: string;
  readonly query: string;
  readonly opening: string;
}

/** Behind a comment, it takes more to see what a statement is. */
function neededText({ id, query, opening }: Places, wanted: readonly Statement[]): string {
  const isWanted = isOneOf(id, wanted);
  return `${isWanted} as "isWhole",
    case
        when ${isWanted} then ${query}
        when left(${opening}, 1) in ('-', '/') then left(${query}, 2000)
        else ${opening}
    end as query`;
}

/** Reading and writing without a comment before it is ordinary, and need not be sent; but our own begins with it too. */
function isNeeded({ id, opening }: Omit<Places, "query">, wanted: readonly Statement[]): string {
  return `(
        ${isOneOf(id, wanted)}
        or lower(left(${opening}, 6)) not in ('select', 'insert', 'update', 'delete')
        or strpos(${opening}, '${ownMark}') > 0
    )`;
}

function isOneOf(id: string, wanted: readonly Statement[]): string {
  return `${id} = any ('{${[...new Set(wanted.map(({ queryId }) => queryId))].join(",")}}')`;
}

/** Reads digests of texts, by entry: of those that are stored, and of those that the server has now. */
export async function readDigests(
  database: Database,
  server: Server,
  wanted: readonly Statement[],
): Promise<ReadonlyMap<string, string>> {
  const stored = await digestsOf(database, storedDigestsQuery(wanted));
  const lacking = wanted.filter((statement) => !stored.has(keyOf(statement)));
  if (lacking.length === 0) return stored;
  return new Map([...stored, ...(await digestsOf(database, digestsQuery(server, lacking)))]);
}

async function digestsOf(database: Database, query: string): Promise<Map<string, string>> {
  const [rows = []] = await readComposed(database, [query]);
  return new Map((rows as readonly DigestRow[]).map((row) => [keyOf(row), row.digest]));
}

type DigestRow = Pick<TextRow, "userId" | "databaseId" | "queryId" | "isTopLevel"> & {
  readonly digest: string;
};

function storedDigestsQuery(wanted: readonly Statement[]): string {
  return `select
    ${storedKey},
    encode(e.digest, 'hex') as digest
from public.statement_entries e
where e.digest is not null and ${isOneOf("e.query_id", wanted)}`;
}

function digestsQuery(server: Server, wanted: readonly Statement[]): string {
  return `select
    ${liveKey(server)},
    encode(public.statement_digest(public.kept_statement_text(s.query)), 'hex') as digest
from ${statementsFunction(server)}(true) s
where s.query is not null and ${isOneOf("s.queryid", wanted)}`;
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
