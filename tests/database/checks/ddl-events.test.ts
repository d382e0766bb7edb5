import { expect, test } from "vitest";
import { createDatabaseWithEngine, createRole } from "../../support/database.ts";

function event(command: string, object_type: string, object_identity: string | null): object {
  return { command, object_type, object_identity, application_name: "test" };
}

test("who creates, changes and drops what is recorded, and nothing of the tool, of temporary objects or of extensions", async () => {
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe("select set_ddl_recording(true)");
  await sql.unsafe("select set_ddl_recording(true)");
  await sql.unsafe(`
    set application_name = 'test';
    create table a (id int);
    create temporary table passing (id int);
    create extension citext;
    drop table a;
    set doramaflix_db.tool_version = '1';
    create table b (id int);
    reset doramaflix_db.tool_version;
    grant select on b to public;
  `);
  const rows = await sql.unsafe(
    "select command, object_type, object_identity, application_name from ddl_events order by id",
  );
  expect([...rows]).toEqual([
    event("CREATE TABLE", "table", "public.a"),
    event("CREATE EXTENSION", "extension", "citext"),
    event("DROP TABLE", "table", "public.a"),
    event("GRANT", "table", null),
  ]);
  await sql.unsafe("select set_ddl_recording(false); create table c (id int)");
  const [count] = await sql.unsafe("select count(*)::int as number from ddl_events");
  expect(count).toEqual({ number: 4 });
});

test("the recording stops nobody: without its table there is a warning, and no role needs rights for it", async () => {
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe("select set_ddl_recording(true)");
  const role = await createRole();
  await sql.unsafe(`grant create on schema public to ${role}; set role ${role}`);
  await sql.unsafe("create table a (id int)");
  await sql.unsafe("reset role");
  const [recorded] = await sql.unsafe(
    "select count(*)::int as number from ddl_events where object_identity = 'public.a'",
  );
  expect(recorded).toEqual({ number: 1 });
  await sql.unsafe("alter table ddl_events rename to elsewhere");
  await sql.unsafe("create table b (id int)");
  const [made] = await sql.unsafe("select to_regclass('public.b') is not null as is_there");
  expect(made).toEqual({ is_there: true });
  await sql.unsafe(`alter table elsewhere rename to ddl_events; drop owned by ${role}`);
});

test("rows of more than a year ago go, and nobody waits for a session that deletes them too", async () => {
  const { sql, url } = await createDatabaseWithEngine();
  await sql.unsafe(`
    insert into ddl_events (occurred_at, command, object_type, object_identity)
    select now() - interval '13 months', 'CREATE TABLE', 'table', 'public.old' from generate_series(1, 2);
    select set_ddl_recording(true);
  `);
  const { default: postgres } = await import("postgres");
  const holder = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  await holder.unsafe("begin; select from ddl_events where id = 1 for update");
  await sql.unsafe("set lock_timeout = '5s'; create table a (id int)");
  await holder.unsafe("rollback");
  await holder.end();
  const rows = await sql.unsafe(
    "select id::int from ddl_events where object_identity = 'public.old'",
  );
  expect([...rows]).toEqual([{ id: 1 }]);
});
