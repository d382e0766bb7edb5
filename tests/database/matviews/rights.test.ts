import { beforeAll, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  readServerVersion,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import { refresh } from "./views.ts";

let database: TestDatabase;
let owner: string;
let other: string;
let version: number;

beforeAll(async () => {
  [owner, other] = [await createRole(), await createRole()];
  database = await createDatabaseWithEngine();
  const { sql } = database;
  await sql.unsafe(`
    select set_refresh_privileges('${owner}', true), set_refresh_privileges('${other}', true);
    grant create, usage on schema public to ${owner};
    create table tenants (id int, who text); insert into tenants values (1, '${owner}'), (2, 'nobody'), (3, '${owner}');
    alter table tenants enable row level security; create policy own on tenants using (who = current_user);
    grant select on tenants to ${owner};
    create materialized view v as select id, who from tenants; alter materialized view v owner to ${owner};
    create unique index v_id on v (id); analyze v;
    create view w as select id from v; alter view w owner to ${owner};`);
  version = await readServerVersion();
});

function sessionOf(user: string): ReturnType<typeof openSession> {
  return openSession(urlOf({ database: database.name, user, password: "secret" }));
}

test.each(["plain", "concurrently", "swap"])(
  "%s by the superuser: the view holds what its owner sees",
  async (mode) => {
    expect(await refresh(database.sql, "v", { mode })).toMatchObject({ mode, error: null });
    expect(await database.sql`select id from v order by 1`).toEqual([{ id: 1 }, { id: 3 }]);
  },
);

test.each(["plain", "concurrently", "swap"])(
  "%s by the owner, who is no superuser",
  async (mode) => {
    const before = await catalogFingerprint(database.sql);
    expect(await refresh(sessionOf(owner), "v", { mode })).toMatchObject({ mode, error: null });
    expect(fingerprintDifference(before, await catalogFingerprint(database.sql))).toBe("");
    expect(await database.sql`select id from w order by 1`).toEqual([{ id: 1 }, { id: 3 }]);
  },
);

test("somebody without rights: 42501", async () => {
  for (const mode of ["auto", "plain", "concurrently", "swap"]) {
    await expect(refresh(sessionOf(other), "v", { mode })).rejects.toMatchObject({ code: "42501" });
  }
});

test("with MAINTAIN, which is there from PostgreSQL 17 on: concurrently", async ({ skip }) => {
  if (version < 170000) skip();
  await database.sql.unsafe(`grant maintain on v to ${other}`);
  const session = sessionOf(other);
  expect(await refresh(session, "v")).toMatchObject({ mode: "concurrently", error: null });
  expect(await refresh(session, "v", { mode: "plain" })).toMatchObject({
    mode: "plain",
    error: null,
  });
  await expect(refresh(session, "v", { mode: "swap" })).rejects.toMatchObject({ code: "42501" });
  await database.sql.unsafe(`revoke maintain on v from ${other}`);
});
