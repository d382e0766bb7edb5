import type postgres from "postgres";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../support/database.ts";
import {
  afterLogin,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createProject, migration } from "../support/project.ts";
import { expectOutcome, type Outcome } from "./outcome.ts";
import {
  cut,
  killClient,
  messagesOf,
  runWithFault,
  succeed,
  terminateSession,
  type Fault,
} from "./scenario.ts";

const files = {
  "migrations/001_author.sql": migration("create table author (name text)", "drop table author"),
  "migrations/002_title.sql": migration(
    "alter table author add column title text",
    "alter table author drop column title",
  ),
};

const { "migrations/002_title.sql": title, ...others } = files;

/** The same project with a changed and a renamed file. */
const disagreeing = {
  ...others,
  "migrations/001_author.sql": `-- Reviewed.\n${files["migrations/001_author.sql"]}`,
  "migrations/002_book_title.sql": title,
};

const commands = [
  { command: ["repair", "--yes"], event: "repaired", migrated: true },
  { command: ["baseline", "002_book_title", "--yes"], event: "baselined", migrated: false },
];

/** Reads what a run has left behind. */
async function outcomeOf(sql: postgres.Sql): Promise<Outcome> {
  const rows = await sql.unsafe(`
    select 'ledger' as what, version as name, checksum from schema_migrations
    union all select event, version, checksum from migration_events
    order by what, name`);
  return { catalog: await catalogFingerprint(sql), rows: [...rows] };
}

describe.each(commands)("$event again completes a run", ({ command, event, migrated }) => {
  const name = command[0] ?? "";
  let applied: string;
  let project: string;
  let expected: Outcome;
  let points: readonly FaultPoint[];

  async function prepare(): Promise<TestDatabase> {
    const database = await createDatabaseWithEngine();
    if (migrated) await succeed(["migrate"], { url: database.url, project: applied });
    else await database.sql`create table author (name text)`;
    return database;
  }

  beforeAll(async () => {
    applied = await createProject(files);
    project = await createProject(disagreeing);
    const { url, sql } = await prepare();
    points = faultPoints(await messagesOf(command, { url, project }));
    expected = await outcomeOf(sql);
    expect(expected.rows).toContainEqual(expect.objectContaining({ what: event }));
  });

  function lanes(act: Fault) {
    const disturb = async ({ direction, number }: FaultPoint): Promise<void> => {
      const { url, sql } = await prepare();
      const target = { url, project };
      const disturbed = await runWithFault(command, target, { direction, number, act });
      if (disturbed.exitCode === 0) expectOutcome(await outcomeOf(sql), expected);
      await succeed(command, target);
      expectOutcome(await outcomeOf(sql), expected);
      await sql.end();
    };
    return Array.from({ length: 4 }, () => disturb);
  }

  test("whose connection was cut", { timeout: patience }, async () => {
    const tried = someOf(points, 8);
    expect(await failuresAt(`${name}, connection cut`, tried, lanes(cut))).toBe("");
  });

  test("that was killed", { timeout: patience }, async () => {
    const tried = someOf(points, 4);
    expect(await failuresAt(`${name}, client killed`, tried, lanes(killClient))).toBe("");
  });

  test("whose session was terminated", { timeout: patience }, async () => {
    const fault = terminateSession(inject("serverUrl"));
    const tried = someOf(afterLogin(points), 4);
    expect(await failuresAt(`${name}, session ended`, tried, lanes(fault))).toBe("");
  });
});
