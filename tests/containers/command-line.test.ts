import { expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import { createDatabase, urlOf } from "../support/database.ts";
import { createProject, smallMigrations } from "../support/project.ts";

const states = (stdout: string): unknown =>
  (JSON.parse(stdout) as { migrations: { state: string }[] }).migrations.map(({ state }) => state);

test("migrate, status and rollback reach the server by --url, with the password in it", async () => {
  const { name, url, sql } = await createDatabase();
  const args = ["--url", url, "--project", await createProject(smallMigrations(3))];

  const status = await runCli(["status", "--json", ...args]);
  expect(status).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(status.stdout)).toMatchObject({ database: name, engine: "absent" });
  expect(states(status.stdout)).toEqual(["pending", "pending", "pending"]);

  expect(await runCli(["migrate", ...args])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("Applied 3 migrations") as string,
  });
  expect(await sql.unsafe("select id from t3")).toEqual([{ id: "1" }]);

  const rollback = await runCli(["rollback", "--to", "0001_t1", "--json", ...args]);
  expect(JSON.parse(rollback.stdout)).toMatchObject({ newest: "0001_t1" });
  const after = await runCli(["status", "--exit-code", "--json", ...args]);
  expect(after.exitCode).toBe(1);
  expect(states(after.stdout)).toEqual(["applied", "pending", "pending"]);
  expect(await sql.unsafe("select to_regclass('t1') as t1, to_regclass('t2') as t2")).toEqual([
    { t1: "t1", t2: null },
  ]);
});

test("the PG* variables alone lead to the same database", async () => {
  const { name, url } = await createDatabase();
  const project = await createProject(smallMigrations(1));
  const { hostname, port, username, password } = new URL(url);
  const env = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: name,
  };
  expect(await runCli(["migrate", "--project", project], { env })).toMatchObject({ exitCode: 0 });
  const status = await runCli(["status", "--json", "--url", url, "--project", project]);
  expect(states(status.stdout)).toEqual(["applied"]);
});

test("the whole Doramaflix project can be migrated, taken back, and migrated to the same catalog", async () => {
  const { url, sql } = await createDatabase();
  const args = ["--url", url, "--project", packageRoot];
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
  const before = await catalogFingerprint(sql);
  const [{ count } = { count: 0 }] = await sql.unsafe<{ count: number }[]>(
    "select count(*)::int from schema_migrations",
  );
  expect(count).toBeGreaterThan(0);
  const rollback = await runCli(["rollback", "--steps", String(count), ...args]);
  expect(rollback).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select to_regclass('users') as users")).toEqual([{ users: null }]);
  expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
  expect(await catalogFingerprint(sql)).toEqual(before);
});

test.each(["by --url", "in PGPASSWORD"])(
  "a wrong password %s ends with 3 and is printed nowhere",
  async (place) => {
    const { name } = await createDatabase();
    const project = await createProject(smallMigrations(1));
    const wrong = new URL(urlOf({ database: name, password: "not-the-password" }));
    const env = place === "in PGPASSWORD" ? { PGPASSWORD: wrong.password } : {};
    if (place === "in PGPASSWORD") wrong.password = "";
    const args = ["migrate", "--json", "--url", wrong.href, "--project", project];
    const { exitCode, stdout, stderr } = await runCli(args, { env });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "CONNECTION_FAILED", sqlState: "28P01", exitCode: 3 },
    });
    expect(stdout + stderr).not.toContain("not-the-password");
  },
);
