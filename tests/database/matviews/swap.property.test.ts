import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { refresh } from "./views.ts";

let database: TestDatabase;
let roles: [string, string, string];
let tablespace: string;

beforeAll(async () => {
  roles = [await createRole(), await createRole(), await createRole()];
  tablespace = `place_${roles[0]}`;
  database = await createDatabaseWithEngine();
  await database.sql`set allow_in_place_tablespaces = on`;
  await database.sql.unsafe(`create tablespace ${tablespace} location ''`);
  await database.sql.unsafe(
    "create access method other_heap type table handler heap_tableam_handler",
  );
});

afterAll(async () => {
  await database.sql.end();
  const sql = openSession(urlOf({}));
  await sql.unsafe(`drop database if exists ${database.name} with (force)`);
  await sql.unsafe(`drop tablespace ${tablespace}`);
});

const view = '"Wide ""Place"."The View"';

const start = `
  drop schema if exists "Wide ""Place" cascade;
  create schema "Wide ""Place"; grant all on schema "Wide ""Place" to OWNER;
  create table "Wide ""Place".base (id int primary key, "Name ""x" text, n numeric, at timestamptz, doc jsonb, tags text[]);
  insert into "Wide ""Place".base
  select i, 'name ' || i, i / 3.0, timestamptz '2026-01-01' + i * interval '1 day', jsonb_build_object('k', i), array['t' || i]
  from generate_series(1, 50) i;
  grant select on "Wide ""Place".base to OWNER`;

/** Before the view is made. */
const earlier = [
  "alter default privileges in schema SCHEMA grant select on tables to OTHER",
  "alter default privileges in schema SCHEMA grant select, update on tables to THIRD with grant option",
  "alter default privileges grant select on tables to public",
  "alter default privileges grant all on tables to OWNER",
];

const definition = `create materialized view VIEW as select id, "Name ""x", n, at, doc, tags from SCHEMA.base`;

/** What a materialized view can have. */
const later = [
  'alter materialized view VIEW rename column n to "The N"; alter materialized view VIEW rename column "The N" to n',
  'alter materialized view VIEW rename column tags to "order"; alter materialized view VIEW rename column "order" to tags',
  'alter materialized view VIEW rename column doc to "Doc, with comma"',
  "alter materialized view VIEW set access method other_heap",
  "alter materialized view VIEW set tablespace PLACE",
  "alter materialized view VIEW owner to OWNER",
  "alter materialized view VIEW set (fillfactor = 70, autovacuum_enabled = off)",
  "alter materialized view VIEW set (autovacuum_vacuum_scale_factor = 0.1)",
  "alter materialized view VIEW set (toast.autovacuum_enabled = off, toast.vacuum_truncate = off)",
  "grant select on VIEW to OTHER",
  "grant select on VIEW to public",
  "grant insert, select on VIEW to THIRD with grant option; grant update on VIEW to THIRD",
  "revoke delete on VIEW from CURRENT; revoke truncate on VIEW from OWNER",
  'grant select (id, "Name ""x"), update (n) on VIEW to OTHER; grant select (id) on VIEW to public',
  "grant select (at) on VIEW to THIRD with grant option",
  "comment on materialized view VIEW is 'It''s the \\ view'",
  `comment on column VIEW."Name ""x" is 'a "name"'`,
  "alter materialized view VIEW alter id set statistics 0",
  'alter materialized view VIEW alter "Name ""x" set statistics 900, alter "Name ""x" set storage external',
  "alter materialized view VIEW alter tags set storage main, alter tags set compression pglz",
  'alter materialized view VIEW alter "Name ""x" set (n_distinct = -0.5, n_distinct_inherited = 3)',
  "alter table VIEW replica identity full",
  'create unique index "The Key" on VIEW (id); alter index SCHEMA."The Key" set (fillfactor = 60)',
  "create unique index nulls_key on VIEW (id, at) nulls not distinct",
  'create index partial on VIEW (n desc nulls last) where n > 5 and "Name ""x" <> \' USING \'',
  'create index expressed on VIEW (lower("Name ""x"), (id + 1)); alter index SCHEMA.expressed alter column 1 set statistics 77',
  'create index including on VIEW (id) include (n, "Name ""x"); comment on index SCHEMA.including is \'an "index"\'',
  'create index collated on VIEW ("Name ""x" collate "C" text_pattern_ops desc)',
  "create index by_gin on VIEW using gin (tags) with (fastupdate = off)",
  "create index by_brin on VIEW using brin (at) with (pages_per_range = 4); cluster_nothing",
  'create index by_hash on VIEW using hash ("Name ""x")',
  "create index clustered on VIEW (at); alter materialized view VIEW cluster on clustered",
  "create index placed on VIEW (at, n) tablespace PLACE",
  `create index a_name_of_more_than_forty_characters_that_goes_on_and_on_one on VIEW (id);
   create index a_name_of_more_than_forty_characters_that_goes_on_and_on_two on VIEW (id)`,
  `create index "語語語語語語語語語語語語語語語語語語語語一" on VIEW (id); create index "語語語語語語語語語語語語語語語語語語語語二" on VIEW (id)`,
  "create view SCHEMA.reader as select id, n from VIEW",
  'create view public."Other Reader" with (security_barrier) as select v.* from VIEW v join VIEW w using (id)',
  "create view SCHEMA.invoker with (security_invoker = true, security_barrier = false) as select count(*) as c from VIEW",
  `create view SCHEMA.checked as select b.id, b.n from SCHEMA.base b where b.id in (select id from VIEW) with cascaded check option;
   alter view SCHEMA.checked set (security_barrier = on)`,
  "create view SCHEMA.nested_1 as select id as one from VIEW; create view SCHEMA.nested_2 as select one from SCHEMA.nested_1",
  `create view SCHEMA.full as select id, n from VIEW; grant select on SCHEMA.full to OTHER with grant option; grant select (id) on SCHEMA.full to public;
   comment on view SCHEMA.full is 'full'; comment on column SCHEMA.full.id is 'its id'; alter view SCHEMA.full alter n set default 7;
   alter view SCHEMA.full rename column n to "Full N"; alter view SCHEMA.full owner to OWNER;
   create function SCHEMA.instead() returns trigger language plpgsql as 'begin return null; end';
   create trigger instead instead of insert on SCHEMA.full for each row execute function SCHEMA.instead();
   create rule no_delete as on delete to SCHEMA.full do instead nothing`,
  "create view SCHEMA.whole as select row_to_json(v) as j, v.id from VIEW v",
];

function fill(statement: string): string {
  const names: Record<string, string> = {
    SCHEMA: '"Wide ""Place"',
    VIEW: view,
    OWNER: roles[0],
    OTHER: roles[1],
    THIRD: roles[2],
    PLACE: tablespace,
    CURRENT: new URL(inject("serverUrl")).username,
  };
  return statement
    .replace("; cluster_nothing", "")
    .replaceAll(/\b[A-Z]{4,}\b/g, (word) => names[word] ?? word);
}

/** Gives a view something, swaps it, and returns what the catalog then says otherwise. */
async function differenceAfterSwap(
  before: readonly string[],
  after: readonly string[],
): Promise<string> {
  const { sql } = database;
  await sql.unsafe("set client_min_messages = warning");
  await sql.unsafe(fill(start));
  for (const statement of [...before, definition, ...after]) await sql.unsafe(fill(statement));
  const fingerprint = await catalogFingerprint(sql);
  const contents = await sql.unsafe(`select id from ${view} order by 1`);
  await sql.unsafe(`set default_tablespace = ${tablespace}`);
  expect(await refresh(sql, view, { mode: "swap" })).toMatchObject({ mode: "swap", error: null });
  await sql.unsafe("reset default_tablespace");
  const difference = fingerprintDifference(fingerprint, await catalogFingerprint(sql));
  expect(await sql.unsafe(`select id from ${view} order by 1`)).toEqual(contents);
  for (const statement of before) await sql.unsafe(takenBack(fill(statement)));
  return difference;
}

function takenBack(statement: string): string {
  return statement
    .replace(" grant ", " revoke ")
    .replace(" to ", " from ")
    .replace(" with grant option", "");
}

test.each(later)("a swap keeps: %s", async (statement) => {
  expect(await differenceAfterSwap([], [statement])).toBe("");
});

test("a swap keeps everything at once, with default privileges in the way", async () => {
  expect(await differenceAfterSwap(earlier, later)).toBe("");
});

test("a swap keeps whatever a view has", { timeout: 120_000 }, async () => {
  const chosen = fc.tuple(fc.subarray(earlier), fc.subarray(later), fc.boolean());
  await fc.assert(
    fc.asyncProperty(chosen, async ([before, after, isOwned]) => {
      const owned = isOwned ? ["alter materialized view VIEW owner to OWNER"] : [];
      expect(await differenceAfterSwap(before, [...after, ...owned])).toBe("");
    }),
    { seed: inject("randomSeed"), numRuns: 15 },
  );
});
