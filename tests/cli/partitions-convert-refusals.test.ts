import { beforeEach, describe, expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { byAt, checksum, convert, convertWhole, failToConvert } from "./conversion.ts";

let role: string;
let database: TestDatabase;
let url: string;
let sql: TestDatabase["sql"];

beforeEach(async () => {
  role = await createRole();
  database = await createDatabaseWithEngine();
  ({ url, sql } = database);
});

const event = "create table event (id int primary key, at timestamptz not null);";

/** What makes a table one that cannot be converted, why that is, and the options if they are others. */
const cases: readonly (readonly [string, string, (readonly string[])?])[] = [
  ["create table event (at date) partition by range (at)", "it is partitioned already"],
  ["create view event as select now() as at", "it is not an ordinary table"],
  ["create unlogged table event (at date)", "it is unlogged or temporary"],
  ["create type t as (at date); create table event of t", "it is a table of the type public.t"],
  [`${event} create table child () inherits (event)`, "it takes part in inheritance"],
  [event, 'it has no column "when"', ["--by", "when", "--granularity", "daily"]],
  [
    event,
    'column "at" is of type timestamp with time zone, which needs no encoding',
    [...byAt, "--key-encoding", "uuidv7"],
  ],
  ["create table event (at text)", 'column "at" is of type text, which holds no time'],
  ["create table event (at uuid)", "it is not said that it holds a time"],
  ["create table event (at bigint)", "it is not said how it holds a time"],
  [
    "create table event (d date, at date generated always as (d) stored)",
    'column "at" is generated',
  ],
  [
    "create table event (at date, name text unique)",
    '"event_name_key" makes columns unique without "at"',
  ],
  [
    `create table event (at date, exclude using btree (at with =))`,
    '"event_at_excl" is an exclusion constraint',
  ],
  [`${event} alter table event cluster on event_pkey`, 'index "event_pkey" is marked for CLUSTER'],
  [
    `${event} alter table event add check (id > 0) not valid`,
    'constraint "event_id_check" is not valid',
  ],
  [
    `${event} alter table event add check (id > 0) no inherit`,
    'constraint "event_id_check" is declared NO INHERIT',
  ],
  [
    `${event} create table part (event int references event)`,
    'foreign key "part_event_fkey" of table public.part refers to it',
  ],
  [`${event} create view v as select id from event`, "it is used by the view public.v"],
  [
    `${event} create materialized view m as select id from event`,
    "it is used by the materialized view public.m",
  ],
  [
    `${event} create function f() returns bigint begin atomic select count(*) from event; end`,
    "it is used by the function public.f()",
  ],
  [
    `${event} create function f(e event) returns int language sql as 'select 1'`,
    "it is used by the function public.f(public.event)",
  ],
  [`${event} create table other (e event[])`, "it is used by the table public.other"],
  [
    `${event} create rule r as on delete to event do also select 1`,
    "it is used by the rule r on table public.event",
  ],
  [
    `${event} create function f() returns trigger language plpgsql as 'begin return null; end';
     create trigger each after insert on event referencing new table as n for each row execute function f()`,
    'trigger "each" is one for each row with transition tables',
  ],
  [
    `${event} create publication p for table event`,
    'publication "p" publishes partitions under their own names',
  ],
  [
    `${event} create publication p for all tables`,
    'publication "p" publishes partitions under their own names',
  ],
  [
    `${event} insert into partition_policies (parent, granularity) values ('event', 'daily')`,
    "it has a row in partition_policies",
  ],
  [
    `${event} revoke truncate on event from current_user`,
    "its owner has taken privileges from itself",
  ],
];

const refusals = cases.map(([setup, problem, options = byAt]) => ({ setup, problem, options }));

test.each(refusals)("$setup: $problem", async ({ setup, problem, options }) => {
  await sql.unsafe(setup);
  const before = await catalogFingerprint(sql);
  const { problems } = await convert(url, "event", ...options);
  expect(problems.map((each) => each.problem).join("\n")).toContain(problem);
  const refused = await failToConvert(url, "event", ...options, "--prepare");
  expect(refused).toMatchObject({ code: "CONVERSION_REFUSED", exitCode: 8 });
  expect(refused.detail).toContain(problem);
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
});

async function usage(...words: readonly string[]): Promise<string> {
  const { code, message } = await failToConvert(url, ...words);
  expect(code).toBe("USAGE");
  return message;
}

test("wrong options, a missing table and a missing engine are told apart", async () => {
  await sql.unsafe(event);
  expect(await usage("event")).toBe("A conversion needs --by and --granularity.");
  expect(await usage("event", ...byAt, "--prepare", "--undo")).toContain("one is given at a time");
  expect(await usage("event", ...byAt, "--cut-at", "soon")).toContain("--cut-at takes a day");
  expect(await usage("event", ...byAt, "--ahead", "many")).toContain(
    "--ahead takes a whole number",
  );
  expect(await usage("event", ...byAt, "--lock-timeout", "0")).toContain("--lock-timeout takes");
  expect(await usage("evnt", ...byAt)).toBe('There is no table "evnt".');
  expect(await usage(`a"b.c.d.e`, ...byAt)).toBe(`There is no table "a"b.c.d.e".`);
  const bare = await createDatabase();
  await bare.sql.unsafe(event);
  expect(await failToConvert(bare.url, "event", ...byAt)).toMatchObject({
    code: "ENGINE_MISSING",
    exitCode: 3,
  });
});

test("a table of somebody else is refused, and one of one's own converted without being a superuser", async () => {
  await sql.unsafe(`${event} create table own (id serial primary key, at timestamptz not null);
    alter table own owner to ${role}; grant create on schema public to ${role};
    grant select on partition_policies to ${role}`);
  const theirs = urlOf({ database: database.name, user: role, password: "secret" });
  const { problems } = await convert(theirs, "event", ...byAt);
  expect(problems.map((each) => each.problem)).toEqual([
    'it belongs to "doramaflix"',
    "you may not write its policy, or not create partitions",
  ]);
  await sql.unsafe(`grant select, insert, update, delete on partition_policies to ${role};
    grant execute on all functions in schema public to ${role}`);
  await sql`insert into own (at) select timestamptz '2026-01-01' + g * interval '1 day' from generate_series(1, 99) g`;
  expect(await convertWhole(theirs, "own", ...byAt)).toMatchObject({ state: "converted" });
  expect(await convert(theirs, "own", "--undo", "--yes")).toMatchObject({ state: "plain" });
  await sql.unsafe(`drop owned by ${role}`);
});

describe("rows that do not fit", () => {
  test("keep the column from becoming NOT NULL, and leave no CHECK behind", async () => {
    await sql.unsafe("create table event (at timestamptz); insert into event values (null)");
    const before = await catalogFingerprint(sql);
    const failed = await failToConvert(url, "event", ...byAt, "--prepare");
    expect(failed).toMatchObject({ code: "CONVERSION_FAILED", exitCode: 8 });
    expect(failed.detail).toContain("is violated by some row");
    expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  });

  test("with the key infinity are refused", async () => {
    await sql.unsafe(`${event} insert into event values (1, 'infinity')`);
    expect(await failToConvert(url, "event", ...byAt)).toMatchObject({
      code: "CONVERSION_REFUSED",
      message: 'Table "public.event" has the key infinity, after which it cannot be cut.',
    });
  });

  test("are refused by the CHECK from the cut on, and accepted after the cut-over", async () => {
    await sql.unsafe(event);
    const { cut } = await convert(url, "event", ...byAt, "--prepare");
    const insert = async () => sql`insert into event values (1, ${cut})`;
    await expect(insert()).rejects.toMatchObject({ code: "23514" });
    await convert(url, "event", ...byAt, "--cut-over");
    expect(await insert()).toMatchObject({ count: 1 });
  });

  test("keep --undo from restoring the key where two have the same", async () => {
    await sql.unsafe(`${event} insert into event values (1, '2026-01-01')`);
    const { cut } = await convertWhole(url, "event", ...byAt);
    await sql`insert into event values (1, ${cut})`;
    const rows = await checksum(sql, "event");
    expect(await failToConvert(url, "event", "--undo", "--yes")).toMatchObject({
      code: "CONVERSION_FAILED",
      detail: expect.stringContaining(
        "a newer row has the key of another one.\nKey (id)=(1) already exists.",
      ) as string,
    });
    expect(await checksum(sql, "event")).toBe(rows);
    await sql`update event set id = 2 where at = ${cut}`;
    expect(await convert(url, "event", "--undo", "--yes")).toMatchObject({ newerRows: 1 });
  });
});

test("--undo is refused while something would be lost", async () => {
  await sql.unsafe(event);
  await convertWhole(url, "event", ...byAt);
  await sql.unsafe("create view v as select id from event; grant insert on event to pg_monitor");
  const refused = await failToConvert(url, "event", "--undo", "--yes");
  expect(refused).toMatchObject({ code: "CONVERSION_REFUSED", exitCode: 8 });
  expect(refused.detail).toContain("it is used by the view public.v");
  expect(refused.detail).toContain("after the cut-over its privileges changed: pg_monitor");
});

test("only the own work is undone or gone on with", async () => {
  await sql.unsafe(`${event} create table other (at date) partition by range (at)`);
  expect((await failToConvert(url, "other", "--undo")).message).toContain(
    "not partitioned by this command",
  );
  expect((await failToConvert(url, "event", ...byAt, "--cut-over")).message).toBe(
    'Table "public.event" is not prepared.',
  );
  await convert(url, "event", ...byAt, "--prepare", "--cut-at", "2099-02-01");
  for (const options of [
    ["--by", "at", "--granularity", "yearly"],
    [...byAt, "--cut-at", "2099-03-01"],
  ])
    expect((await failToConvert(url, "event", ...options, "--cut-over")).message).toBe(
      'Table "public.event" is prepared to be cut at 2099-02-01, which does not fit these options.',
    );
});

test("a lock that is held lets the cut-over give up without a trace, and succeed later", async () => {
  await sql.unsafe(`${event} insert into event values (1, '2026-01-01')`);
  await convert(url, "event", ...byAt, "--prepare");
  const before = await catalogFingerprint(sql);
  const holder = await holdLock(url, "select * from event");
  const words = ["event", ...byAt, "--cut-over", "--lock-timeout", "10ms", "--lock-retries", "1"];
  const { exitCode, stderr } = await runCli(["partitions", "convert", ...words, "--url", url]);
  expect(exitCode).toBe(8);
  expect(stderr).toContain("(attempt 1 of 2); trying again in");
  expect(stderr).toContain("(CONVERSION_FAILED, SQLSTATE 55P03)");
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  await holder.release();
  expect(await convert(url, "event", ...byAt, "--cut-over")).toMatchObject({ state: "converted" });
});
