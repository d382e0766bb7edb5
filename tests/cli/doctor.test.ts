import { beforeAll, describe, expect, test } from "vitest";
import type { Check, DoctorResult } from "../../src/doctor/results.ts";
import { runCli } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
} from "../support/database.ts";
import { startPooler } from "../support/pgbouncer.ts";
import { isMissing } from "../support/requirements.ts";
import { startThrowawayServer, type ThrowawayServer } from "../support/throwaway-server.ts";

/** Whatever the machine of the test has. */
const machine = ["--memory", "64GB", "--processors", "8"];

async function doctor(url: string, ...options: string[]): Promise<DoctorResult> {
  const { exitCode, stdout, stderr } = await runCli([
    "doctor",
    "--json",
    "--url",
    url,
    ...machine,
    ...options,
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as DoctorResult;
}

async function check(url: string, name: string): Promise<Check | undefined> {
  const { checks } = await doctor(url);
  return checks.find((each) => each.name === name);
}

async function found(url: string): Promise<Map<string, Check>> {
  const { checks } = await doctor(url);
  return new Map(checks.filter(({ level }) => level !== "ok").map((each) => [each.name, each]));
}

/** Does what a cure says, as its reader would: each statement of its own, and a restart where it asks for one. */
async function apply(server: ThrowawayServer, url: string, cure: string): Promise<void> {
  if (cure.startsWith("doramaflix-db ")) {
    await runCli([...cure.split(" ").slice(1), "--url", url]);
    return;
  }
  for (const line of cure.split("\n")) await run(url, line.replace(/ --.*$/, ""));
  if (cure.includes("restart")) await restart(server);
}

async function run(url: string, statement: string): Promise<void> {
  const sql = openSession(url);
  await sql.unsafe(statement);
  await sql.end();
}

async function restart(server: ThrowawayServer): Promise<void> {
  await run(server.url, "checkpoint");
  await server.shutDownImmediately();
  await server.start();
}

/** A value that is wrong, and how bad that is; each is cured by what doctor prints. */
const wrongSettings: readonly (readonly [setting: string, value: string, level: Check["level"]])[] =
  [
    ["full_page_writes", "off", "error"],
    ["autovacuum", "off", "error"],
    ["track_counts", "off", "error"],
    ["track_activities", "off", "warning"],
    ["password_encryption", "md5", "warning"],
    ["work_mem", "1GB", "warning"],
    ["work_mem", "1MB", "note"],
    ["track_io_timing", "off", "note"],
    ["log_lock_waits", "off", "note"],
    ["idle_in_transaction_session_timeout", "0", "note"],
    ["checkpoint_completion_target", "0.5", "note"],
    ["max_wal_size", "1GB", "note"],
    ["random_page_cost", "4", "note"],
    ["effective_io_concurrency", "1", "note"],
    ["max_parallel_workers_per_gather", "0", "note"],
    ["effective_cache_size", "1GB", "note"],
    ["maintenance_work_mem", "64MB", "note"],
  ];

test("a server as it comes has findings, and none is left when what they say has been done", async () => {
  const server = await startThrowawayServer();
  const { url } = server;
  const before = await found(url);
  expect(before.get("pg_stat_statements")).toMatchObject({ level: "warning" });
  expect(before.get("engine")).toMatchObject({ level: "note" });
  // shared_buffers of a quarter of 64 GB would not fit here.
  await apply(server, url, "ALTER SYSTEM SET shared_buffers = '256MB'; -- and restart the server");
  const small = ["--memory", "1GB"];
  for (let round = 0; round < 3; round += 1) {
    const { checks } = await doctor(url, ...small);
    for (const { cure } of checks) if (cure !== null) await apply(server, url, cure);
  }
  const { checks } = await doctor(url, ...small);
  // The tests run without fsync, and checksums are made with the cluster.
  const left = checks.filter(
    ({ level, name }) => level !== "ok" && !["fsync", "data_checksums"].includes(name),
  );
  expect(left).toEqual([]);

  for (const [setting, value, level] of wrongSettings) {
    await run(url, `alter system set ${setting} = '${value}'`);
    await run(url, "select pg_reload_conf()");
    await expect.poll(async () => check(url, setting)).toMatchObject({ level });
    const wrong = await check(url, setting);
    await apply(server, url, wrong?.cure ?? "");
    await expect.poll(async () => check(url, setting)).toBe(undefined);
  }

  await run(url, "alter system set max_connections = 120");
  await run(url, "select pg_reload_conf()");
  await expect
    .poll(async () => check(url, "pending_restart"))
    .toMatchObject({ message: expect.stringContaining("max_connections") as string });
  await restart(server);
  expect(await check(url, "pending_restart")).toBe(undefined);
}, 240_000);

describe("on a server with settings that are as they should be", () => {
  let url: string;
  let database: string;

  beforeAll(async () => {
    ({ url, name: database } = await createDatabase());
  });

  test("a role without rights learns which it lacks, and has them after the statements that are shown", async () => {
    const user = await createRole();
    const own = urlOf({ database, user, password: "secret" });
    const admin = openSession(url);
    for (const name of ["right_to_create", "right_to_statistics"]) {
      const lacking = await check(own, name);
      expect(lacking).toMatchObject({ level: "warning" });
      await admin.unsafe(lacking?.cure ?? "");
      expect(await check(own, name)).toMatchObject({ level: "ok" });
    }
    await admin.unsafe(`drop owned by ${user}`);
  });

  test("a role that does not own the engine learns what it needs to read its version", async () => {
    const withEngine = await createDatabaseWithEngine();
    const user = await createRole();
    const own = urlOf({ database: withEngine.name, user, password: "secret" });
    const admin = openSession(withEngine.url);
    await admin.unsafe("revoke usage on schema public from public");
    expect(await check(own, "engine")).toMatchObject({ level: "note" });
    await admin.unsafe("grant usage on schema public to public");
    const lacking = await check(own, "engine");
    expect(lacking).toMatchObject({ level: "note" });
    await admin.unsafe(lacking?.cure ?? "");
    expect(await check(own, "engine")).toMatchObject({ level: "ok" });
    await admin.unsafe(`drop owned by ${user}`);
  });

  test("an engine of another version of the tool is told", async () => {
    const withEngine = await createDatabaseWithEngine();
    const admin = openSession(withEngine.url);
    await admin.unsafe("update public.schema_engine set hash = 'older', tool_version = '0.0.9'");
    expect(await check(withEngine.url, "engine")).toMatchObject({
      level: "note",
      message: expect.stringContaining("of version 0.0.9") as string,
      cure: "doramaflix-db migrate",
    });
  });

  test("an old version of the extension is found and updated", async () => {
    const admin = openSession(url);
    await admin.unsafe("create extension pg_stat_statements version '1.8'");
    const old = await check(url, "pg_stat_statements");
    expect(old).toMatchObject({ level: "warning" });
    await admin.unsafe(old?.cure ?? "");
    expect(await check(url, "pg_stat_statements")).toMatchObject({ level: "ok" });
  });

  test("a database that was sorted by another version of the system's library is an error", async () => {
    const admin = openSession(url);
    const name = `${database}_sorted`;
    await admin.unsafe(
      `create database ${name} template template0 locale_provider icu icu_locale 'en-US' locale 'C'`,
    );
    const own = urlOf({ database: name });
    expect(await check(own, "collation_version")).toMatchObject({ level: "ok" });
    await admin.unsafe(`update pg_database set datcollversion = '1' where datname = '${name}'`);
    const wrong = await check(own, "collation_version");
    expect(wrong).toMatchObject({ level: "error" });
    for (const line of (wrong?.cure ?? "").split("\n")) await run(own, line);
    expect(await check(own, "collation_version")).toMatchObject({ level: "ok" });
    await admin.unsafe(`drop database ${name} with (force)`);
  });

  test("an encoding other than UTF8 is told", async () => {
    const admin = openSession(url);
    const name = `${database}_ascii`;
    expect(await check(url, "encoding")).toBe(undefined);
    await admin.unsafe(
      `create database ${name} template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`,
    );
    expect(await check(urlOf({ database: name }), "encoding")).toMatchObject({ level: "warning" });
    await admin.unsafe(`drop database ${name} with (force)`);
  });

  test("--fail-on ends with 1 when there is such a finding", async () => {
    // The tests' server runs without fsync, which is an error.
    expect(await runCli(["doctor", "--url", url, "--fail-on", "error"])).toMatchObject({
      exitCode: 1,
    });
  });
});

describe.skipIf(isMissing("pgbouncer"))("a pooler on the way", () => {
  test.each([
    { mode: "session", size: 2, level: "ok", says: "session mode" },
    { mode: "session", size: 1, level: "note", says: "no second session" },
    { mode: "transaction", size: 1, level: "note", says: "transaction mode" },
    { mode: "transaction", size: 3, level: "note", says: "transaction mode" },
    { mode: "statement", size: 2, level: "note", says: "statement mode" },
  ] as const)("in $mode mode with $size sessions is tried out", async (given) => {
    const { url } = await createDatabase();
    expect(await check(url, "pooler")).toMatchObject({ level: "ok" });
    const pooled = await startPooler(url, given);
    expect(await check(pooled.url, "pooler")).toMatchObject({
      level: given.level,
      message: expect.stringContaining(given.says) as string,
    });
  });
});

test.each([
  ["--memory", "16"],
  ["--memory", "0GB"],
  ["--processors", "many"],
  ["--fail-on", "ok"],
])("%s %s is an error of usage", async (...option) => {
  expect(await runCli(["doctor", ...option])).toMatchObject({ exitCode: 2 });
});
