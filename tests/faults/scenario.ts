import type postgres from "postgres";
import { expect } from "vitest";
import { terminateBackend } from "../support/backends.ts";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { killCli, runCli, startCli, type CliResult, type CliRun } from "../support/cli.ts";
import { migration } from "../support/project.ts";
import {
  startProtocolProxy,
  type MessageTypes,
  type ProtocolProxy,
  type Strike,
  type StruckConnection,
} from "../support/protocol-proxy.ts";

/**
 * A project with one of each kind: migrations that go together in one call, one whose statements commit by themselves,
 * a function and a view. What has run twice or by halves shows in the catalog, in the history or in the rows of author.
 */
export const files = {
  "migrations/001_author.sql": migration(
    "create table author (id bigint generated always as identity primary key, name text not null);\n" +
      "insert into author (name) values ('first')",
    "drop table author",
  ),
  "migrations/002_book.sql": migration(
    "create table book (id bigint primary key, author_id bigint references author);\n" +
      "insert into author (name) values ('second');\ncomment on table book is 'what is read'",
    "delete from author where name = 'second';\ndrop table book",
  ),
  // Nothing records how far it came, so it begins by taking away what an earlier run left.
  "migrations/003_index.sql":
    "-- migrate:up transaction:false\ndrop index concurrently if exists book_author;\n" +
    "create index concurrently book_author on book (author_id);\n" +
    "-- migrate:down transaction:false\ndrop index concurrently if exists book_author;\n",
  "migrations/004_title.sql": migration(
    "alter table book add column title text default 'none'",
    "alter table book drop column title",
  ),
  "functions/book_total.sql":
    "create or replace function book_total() returns bigint language sql stable as 'select count(*) from book';\n",
  "views/author_book.sql":
    "create or replace view author_book as select a.name, b.title from author a join book b on b.author_id = a.id;\n",
};

/** What a run is to leave behind. */
export interface Outcome {
  readonly catalog: readonly string[];
  /** The ledger, the history and the data, row by row. */
  readonly rows: readonly unknown[];
}

/** Reads what a run has left behind. */
export async function outcomeOf(sql: postgres.Sql): Promise<Outcome> {
  const rows = await sql.unsafe(`
    select 'ledger' as what, version as name, checksum from schema_migrations
    union all
    select event, version, checksum from migration_events
    union all
    select 'definition', path, case when dropped_at is null then checksum end from schema_definitions
    union all
    select 'author', name, null from author
    order by what, name`);
  return { catalog: await catalogFingerprint(sql), rows: [...rows] };
}

/** Fails with what differs. */
export function expectOutcome(actual: Outcome, expected: Outcome): void {
  expect(fingerprintDifference(expected.catalog, actual.catalog)).toBe("");
  expect(actual.rows).toEqual(expected.rows);
}

/** Where a command runs. */
export interface Target {
  readonly url: string;
  readonly project: string;
}

/** Returns the command line for a target. */
export function onTarget(command: readonly string[], { url, project }: Target): string[] {
  return [...command, "--json", "--url", url, "--project", project];
}

/** Runs a command to its end; fails if it does. */
export async function succeed(command: readonly string[], target: Target): Promise<CliResult> {
  const result = await runCli(onTarget(command, target));
  expect(result).toMatchObject({ exitCode: 0, signal: null });
  return result;
}

/** Runs a command undisturbed and returns the messages that it takes. */
export async function messagesOf(
  command: readonly string[],
  target: Target,
): Promise<MessageTypes> {
  const proxy = await startProtocolProxy(Number(new URL(target.url).port));
  await succeed(command, { ...target, url: through(proxy.port, target.url) });
  await proxy.close();
  return proxy.messages();
}

/** What is there at the moment of a fault. */
interface Scene {
  readonly connection: StruckConnection;
  readonly proxy: ProtocolProxy;
  readonly run: CliRun;
}

/** What is done at a point. */
export type Fault = (scene: Scene) => void | Promise<unknown>;

export const cut: Fault = ({ connection }) => {
  connection.cut();
};

/** Cuts the connection and refuses the next one. */
export const leave: Fault = async ({ proxy }) => proxy.close();

export const killClient: Fault = async ({ run }) => killCli(run);

/** Ends the session of the server as an administrator would. */
export function terminateSession(observer: postgres.Sql): Fault {
  return async ({ connection }) => terminateBackend(observer, connection.backendPid ?? 0);
}

/** Runs a command with a fault at a point, and checks what holds for every way in which it may end. */
export async function runWithFault(
  command: readonly string[],
  target: Target,
  { act, ...point }: Omit<Strike, "act"> & { readonly act: Fault },
): Promise<CliResult> {
  let strikes = 0;
  const strike = {
    ...point,
    act: async (connection: StruckConnection) => {
      strikes += 1;
      await act({ connection, proxy, run });
    },
  };
  const proxy = await startProtocolProxy(Number(new URL(target.url).port), { strike });
  const url = through(proxy.port, target.url);
  const run = startCli(onTarget(command, { ...target, url }));
  const result = await run.result;
  await proxy.close();
  expect(strikes).toBe(1);
  if (result.signal === null) expectClearEnd(result);
  return result;
}

/** A command whose connection is lost has done its work, or says in one document that the connection was lost. */
function expectClearEnd({ exitCode, stdout, stderr }: CliResult): void {
  expect(stderr).not.toMatch(/^\s+at /m);
  const document = JSON.parse(stdout) as object;
  if (exitCode === 0) return expect(document).not.toHaveProperty("error");
  expect(document).toMatchObject({
    error: {
      code: expect.stringMatching(/^CONNECTION_(LOST|FAILED)$/) as string,
      message: expect.stringMatching(/\.$/) as string,
      hint: expect.stringMatching(/\.$/) as string,
      exitCode: 3,
    },
  });
  expect(exitCode).toBe(3);
}

function through(port: number, url: string): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}
