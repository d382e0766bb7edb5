import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser, parseStatements } from "../../../src/core/sql-parser.ts";
import { withSession } from "../../../src/db/session.ts";
import { readCatalog } from "../../../src/statements/catalog.ts";
import type { Touch } from "../../../src/statements/footprint.ts";
import type { LockMode } from "../../../src/statements/lock-modes.ts";
import { footprintOf } from "../../../src/statements/statement-locks.ts";
import { createDatabase, readServerVersion, type TestDatabase } from "../../support/database.ts";
import {
  effectsInTransaction,
  locksWhileBlocked,
  type RealEffects,
} from "../../support/real-locks.ts";
import { connectionOf } from "../../support/server.ts";

type Locks = Readonly<Record<string, LockMode>>;

/** A statement, and what it does to the tables of statement-locks.sql; docs/locks.md shows the same list. */
interface Example {
  readonly statement: string;
  readonly locks: Locks;
  /** Tables whose rows are written anew, or all removed. */
  readonly rewrites?: readonly string[];
  /** What older versions lock instead. */
  readonly before?: { readonly version: number; readonly locks: Locks };
  /** The oldest version that knows the statement. */
  readonly since?: number;
  /** The lock of another session that makes a statement wait that cannot be looked at inside a transaction. */
  readonly holder?: string;
}

interface Group {
  readonly title: string;
  readonly statements: readonly Example[];
}

const folder = new URL(".", import.meta.url);
const setup = readFileSync(new URL("statement-locks.sql", folder), "utf8");
const groups = JSON.parse(readFileSync(new URL("statement-locks.json", folder), "utf8")) as Group[];

let database: TestDatabase;
let version: number;

async function createTables(): Promise<TestDatabase> {
  const created = await createDatabase();
  await created.sql.unsafe(setup);
  return created;
}

beforeAll(async () => {
  await loadSqlParser();
  database = await createTables();
  version = await readServerVersion();
});

/** What the rules say of the relations that are there. */
async function predict(url: string, statement: string): Promise<RealEffects> {
  const [parsed] = parseStatements(statement);
  if (parsed === undefined) throw new Error("There is no statement.");
  const set = { ...parsed, path: null, utc: true };
  const { touches, unknown } = await withSession(connectionOf(url), {}, async (session) => {
    const catalog = await readCatalog(session, [set], version);
    return footprintOf(set, { catalog, utc: true, find: (name) => catalog.find(name) });
  });
  expect(unknown).toBeUndefined();
  const present = touches.filter(({ relation }) => relation.state === "present");
  const rewritten = present.filter((each) => has(each, "rewrite") || has(each, "truncation"));
  return {
    locks: Object.fromEntries(present.map(({ relation, lock }) => [relation.name, lock])),
    rewritten: rewritten.map(({ relation }) => relation.name).toSorted(),
    built: Object.fromEntries(
      present
        .filter((each) => !rewritten.includes(each) && has(each, "index build"))
        .map(({ relation, work }) => [
          relation.name,
          work.filter(({ kind }) => kind === "index build").length,
        ]),
    ),
  };
}

function has({ work }: Touch, kind: Touch["work"][number]["kind"]): boolean {
  return work.some((each) => each.kind === kind);
}

/** What an example says for the server under test. */
function listed({
  locks,
  rewrites = [],
  before,
}: Example): Pick<RealEffects, "locks" | "rewritten"> {
  const isBefore = before !== undefined && version < before.version * 10_000;
  return { locks: isBefore ? before.locks : locks, rewritten: rewrites };
}

async function effectsOf({ statement, holder }: Example): Promise<RealEffects> {
  if (holder === undefined) return effectsInTransaction(database.sql, statement);
  const locks = await locksWhileBlocked(await createTables(), statement, holder);
  // What it does to the rows cannot be looked at while it waits.
  return { ...(await predict(database.url, statement)), locks };
}

describe.each(groups)("$title", ({ statements }) => {
  test.each(statements)("$statement", async (example) => {
    // An older server knows no such syntax.
    const isKnown = version >= (example.since ?? 0) * 10_000;
    const real = isKnown ? await effectsOf(example) : listed(example);
    expect(real).toMatchObject(listed(example));
    expect(isKnown ? await predict(database.url, example.statement) : real).toEqual(real);
  });
});
