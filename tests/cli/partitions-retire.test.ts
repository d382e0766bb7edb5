import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { RetireResult } from "../../src/partitions/retire/results.ts";
import { untilBlocked } from "../support/backends.ts";
import { killCli, runCli, startCli, type CliResult, type CliRun } from "../support/cli.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock, type LockHolder } from "../support/lock-holder.ts";
import { createOldPartitions, digestOf } from "../support/partitioned-table.ts";
import { createProject } from "../support/project.ts";

/** Schema and table with quotes, capitals, dots and a slash. */
const odd = `"Odd ""Schema"""."Watch.History/'x'"`;

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createDatabaseWithEngine();
  folder = await createProject({});
});

function start(...options: string[]): CliRun {
  return startCli(["partitions", "retire", "--json", "--url", database.url, ...options]);
}

async function retire(
  ...options: string[]
): Promise<CliResult & { readonly document: RetireResult }> {
  const result = await start(...options).result;
  return { ...result, document: JSON.parse(result.stdout) as RetireResult };
}

/** What became of each partition, "2026_01 detach done". */
function outcomes({ partitions }: RetireResult): string[] {
  return partitions.map(({ partition, action, state }) => {
    const suffix = /\d{4}_\d\d/.exec(partition)?.[0] ?? partition;
    return `${suffix} ${action} ${state}`;
  });
}

/** The month so many months ago, as the names of partitions end. */
async function month(ago: number): Promise<string> {
  const [row] = await database.sql<{ name: string }[]>`
    select to_char(now() at time zone 'UTC' - ${ago} * interval '1 month', 'YYYY_MM') as name`;
  return row?.name ?? "";
}

async function ledger(): Promise<readonly object[]> {
  return database.sql`
    select name, detached_at is not null as detached, dropped_at is not null as dropped, exported_to, exported_rows::int
    from retired_partitions order by name`;
}

async function attached(): Promise<number> {
  const rows = await database.sql`
    select from pg_inherits i join partition_policies p on p.parent = i.inhparent where not i.inhdetachpending`;
  return rows.length;
}

/** Waits until a run has said a text on stderr. */
async function untilSaid({ child }: CliRun, text: string): Promise<string> {
  let said = "";
  child.stderr?.on("data", (piece: string) => (said += piece));
  return vi.waitUntil(() => said.includes(text) && said, { timeout: 30_000 });
}

const dropping = { retain_mode: "'drop'", grace: "'0'" };

test("what is due is detached, once, and nothing is dropped without --drop", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 6, policy: dropping });
  const before = await digestOf(database.sql, ["log"]);
  const planned = await retire("--dry-run");
  const due = [await month(6), await month(5)];
  expect(outcomes(planned.document)).toEqual(
    expect.arrayContaining(due.map((name) => `${name} detach planned`)),
  );
  expect(await ledger()).toEqual([]);
  const { exitCode, document } = await retire();
  expect(exitCode).toBe(0);
  const names = document.partitions.map(({ partition }) => partition);
  expect(names).toEqual(planned.document.partitions.map(({ partition }) => partition));
  expect(document.partitions).toEqual(
    names.map(() => expect.objectContaining({ state: "done", method: "concurrently" }) as unknown),
  );
  expect(await digestOf(database.sql, ["log", ...names])).toEqual(before);
  expect(outcomes((await retire()).document)).toEqual(
    outcomes(document).map((line) => line.replace("detach done", "drop not asked")),
  );
  expect(await digestOf(database.sql, ["log", ...names])).toEqual(before);
});

test("never the newest partition, one that is not over, or a catch-all", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 0 });
  await database.sql.unsafe(`
    create table old (at date not null) partition by range (at);
    select create_monthly_partition('old', '2020-01-01');
    create table old_rest partition of old for values from ('2020-02-01') to (maxvalue);
    insert into partition_policies (parent, granularity, retain, catch_all) values ('old', 'monthly', '1 day', 'tail')`);
  expect(outcomes((await retire()).document)).toEqual([]);
});

test("quotes and capitals, another schema, and only the tables that are named", async () => {
  await database.sql.unsafe(`create schema "Odd ""Schema"""`);
  await createOldPartitions(database.sql, { parent: odd, months: 4, policy: dropping });
  await createOldPartitions(database.sql, { parent: "other", months: 4 });
  const before = await attached();
  const detached = await retire("--parent", odd);
  expect(detached).toMatchObject({ exitCode: 0 });
  const [first] = detached.document.partitions;
  expect(first).toMatchObject({ parent: odd, state: "done" });
  expect(await attached()).toBe(before - detached.document.partitions.length);
  const dropped = await retire("--parent", odd, "--drop", "--yes", "--export", folder);
  expect(dropped).toMatchObject({ exitCode: 0 });
  expect(readdirSync(folder)[0]).toMatch(
    /^Odd %22Schema%22\.Watch%2EHistory%2F'x'_\d{4}_\d\d\.csv\.gz$/,
  );
});

test.each([
  { options: ["--export", "/tmp"], code: "USAGE", exitCode: 2 },
  { options: ["--drop", "--yes", "--export", "/no/such"], code: "USAGE", exitCode: 2 },
  { options: ["--max-wait", "5"], code: "USAGE", exitCode: 2 },
  { options: ["--lock-retries", "x"], code: "USAGE", exitCode: 2 },
  { options: ["--parent", "no_such"], code: "POLICY_NOT_FOUND", exitCode: 2 },
  { options: ["--parent", 'a"b.c.d.e'], code: "POLICY_NOT_FOUND", exitCode: 2 },
  { options: ["--parent", "pg_class"], code: "POLICY_NOT_FOUND", exitCode: 2 },
])("$options is refused", async ({ options, code, exitCode }) => {
  const result = await retire(...options);
  expect(result).toMatchObject({ exitCode, document: { error: { code } } });
});

test("a database without an engine is refused", async () => {
  await database.sql`drop function plan_retirement`;
  expect(await retire()).toMatchObject({
    exitCode: 3,
    document: { error: { code: "ENGINE_MISSING" } },
  });
});

test("one table that cannot be planned does not stop the others", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 4 });
  await database.sql.unsafe(`
    create table plain (at date);
    insert into partition_policies (parent, granularity, retain) values ('plain', 'monthly', '1 month')`);
  const { exitCode, document } = await retire();
  expect(exitCode).toBe(8);
  expect(document.failed).toMatchObject([{ parent: "public.plain", sqlState: "DF020" }]);
  expect(document.partitions).toMatchObject([{ state: "done" }]);
});

test("rows that another table refers to keep their partition, and the others go", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 5 });
  await database.sql.unsafe(`
    alter table log add primary key (id, at);
    create table note (id bigint, at timestamptz, foreign key (id, at) references log);
    insert into note select id, at from log order by at limit 1`);
  const { exitCode, document } = await retire();
  expect(exitCode).toBe(8);
  expect(document.partitions).toMatchObject([
    {
      state: "failed",
      failure: { sqlState: "23503", hint: expect.stringContaining("refer") as string },
    },
    { state: "done" },
  ]);
  expect(await ledger()).toMatchObject([{ detached: true }]);
  expect(await digestOf(database.sql, ["log"])).toMatchObject({ rows: 5 * 40 });
});

describe("open transactions", () => {
  const holding = "set transaction isolation level repeatable read; select 1";

  test("are told and waited for before anything is begun", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4 });
    const holder = await holdLock(
      database.url,
      `set transaction isolation level repeatable read; set local application_name = 'report'; select 1`,
    );
    const run = start();
    const said = await untilSaid(run, "must end");
    expect(said).toMatch(
      new RegExp(`Process ${holder.pid} \\(user ".+", application "report", idle in`),
    );
    expect(await ledger()).toEqual([]);
    await holder.release();
    expect(await run.result).toMatchObject({ exitCode: 0 });
    expect(await ledger()).toMatchObject([{ detached: true }]);
  });

  test.each([holding, "select from log"])(
    "stop a run after --max-wait, which leaves nothing: %s",
    async (statement) => {
      await createOldPartitions(database.sql, { parent: "log", months: 5 });
      const holder = await holdLock(database.url, statement);
      const { exitCode, document } = await retire("--max-wait", "1s");
      expect(exitCode).toBe(8);
      expect(document.partitions).toMatchObject([
        {
          state: "failed",
          failure: { detail: expect.stringContaining(`Process ${holder.pid} `) as string },
        },
        { state: "failed" },
      ]);
      expect(await ledger()).toEqual([]);
      await holder.release();
    },
  );

  test("a detach that waits is not cancelled by Ctrl-C, and is recorded", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 5 });
    const { run, holder } = await startInto(`${holding} from log`);
    await untilSaid(run, "is half detached");
    run.child.kill("SIGINT");
    expect(await untilSaid(run, "goes on to its end")).toContain("Interrupted once more");
    expect(await ledger()).toMatchObject([{ detached: false }]);
    await holder.release();
    expect((await run.result).exitCode).toBe(130);
    expect(await ledger()).toMatchObject([{ detached: true }]);
    expect(await database.sql`select from pg_inherits where inhdetachpending`).toEqual([]);
    expect((await retire()).document.partitions).toMatchObject([
      { action: "detach", state: "done" },
    ]);
  });

  test("of a program that was killed, the next run completes what it had begun", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4 });
    const { run, holder } = await startInto(`${holding} from log`);
    await untilSaid(run, "is half detached");
    await killCli(run);
    const next = start();
    await untilSaid(next, "is half detached");
    await holder.release();
    const { exitCode, stdout } = await next.result;
    expect(exitCode).toBe(0);
    expect(outcomes(JSON.parse(stdout) as RetireResult)).toEqual([
      `${await month(4)} finalize done`,
    ]);
    expect(await ledger()).toMatchObject([{ detached: true }]);
  });
});

/** Starts a run, and a transaction that begins between its look at the open ones and its statement. */
async function startInto(
  statement: string,
): Promise<{ readonly run: CliRun; readonly holder: LockHolder }> {
  const ledgerHolder = await holdLock(database.url, "lock table retired_partitions in share mode");
  const run = start();
  await untilBlocked(database.sql, ledgerHolder.pid);
  const holder = await holdLock(database.url, statement);
  await ledgerHolder.release();
  return { run, holder };
}

describe("a table that partitions refer to", () => {
  beforeEach(async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4 });
    await database.sql.unsafe(`
      create table account (id bigint primary key);
      insert into account values (1);
      alter table log add account bigint default 1 references account`);
  });

  test("has no open transaction that has written into it when a detach begins", async () => {
    const holder = await holdLock(database.url, "insert into account values (2)");
    expect(await retire("--max-wait", "500ms")).toMatchObject({
      exitCode: 8,
      document: {
        partitions: [
          { failure: { detail: expect.stringContaining(`Process ${holder.pid} `) as string } },
        ],
      },
    });
    await holder.release();
    expect(await attached()).toBe(5);
    expect(await ledger()).toEqual([]);
  });

  test("can be written into while a detach waits for its lock on it", async () => {
    const { run, holder } = await startInto("insert into account values (2)");
    expect(await untilSaid(run, "is half detached")).toContain(`Process ${holder.pid} `);
    const writer = openSession(database.url);
    await writer`set lock_timeout = '1s'`;
    for (let id = 10; id < 60; id += 1) {
      await writer`insert into account values (${id})`;
      await sleep(20);
    }
    await holder.release();
    expect(await run.result).toMatchObject({ exitCode: 0 });
    expect(await attached()).toBe(4);
    expect(await ledger()).toMatchObject([{ detached: true }]);
  });
});

/** Leaves a partition half detached, as a cancelled statement does. */
async function halfDetach(partition: string): Promise<void> {
  const holder = await holdLock(
    database.url,
    "set transaction isolation level repeatable read; select from log",
  );
  const victim = openSession(database.url);
  // Caught from the beginning: it can fail before the cancelling session has its answer.
  const detaching = victim
    .unsafe(`alter table log detach partition ${partition} concurrently`)
    .catch((error: unknown) => error);
  const pid = await untilBlocked(database.sql, holder.pid);
  await database.sql`select pg_cancel_backend(${pid})`;
  expect(await detaching).toMatchObject({ code: "57014" });
  await holder.release();
}

describe("what a crash has left", () => {
  test("half detached by us: completed, and may be dropped", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    const partition = `public.log_${await month(4)}`;
    await database.sql`select begin_retirement('log', ${partition})`;
    await halfDetach(partition);
    expect(outcomes((await retire()).document)).toEqual([`${await month(4)} finalize done`]);
    expect(outcomes((await retire("--dry-run", "--drop")).document)).toEqual([
      `${await month(4)} drop planned`,
    ]);
  });

  test("half detached by somebody else: completed, and never dropped", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 2, policy: dropping });
    await halfDetach(`log_${await month(1)}`);
    expect(outcomes((await retire("--drop", "--yes")).document)).toEqual([
      `${await month(1)} finalize done`,
    ]);
    expect(outcomes((await retire("--drop", "--yes")).document)).toEqual([]);
    expect(await digestOf(database.sql, [`log_${await month(1)}`])).toMatchObject({ rows: 40 });
  });

  test("detached and not recorded, begun and not detached, and not due any more", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 6 });
    const [oldest, second, third] = [await month(6), await month(5), await month(4)];
    for (const each of [oldest, second, third])
      await database.sql`select begin_retirement('log', ${`log_${each}`})`;
    await database.sql.unsafe(`alter table log detach partition log_${oldest} concurrently`);
    await database.sql`update partition_policies set retain = '4 months'`;
    const { document } = await retire();
    expect(outcomes(document)).toEqual(
      [`${oldest} record done`, `${third} withdraw done`, `${second} detach done`].toSorted(
        (a, b) => outcomes(document).indexOf(a) - outcomes(document).indexOf(b),
      ),
    );
    expect(await ledger()).toEqual([
      expect.objectContaining({ name: `public.log_${oldest}`, detached: true }),
      expect.objectContaining({ name: `public.log_${second}`, detached: true }),
    ]);
  });
});

describe("with a default partition", () => {
  test("it detaches with a lock, and gives up when that is not to be had", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4 });
    await database.sql`create table log_default partition of log default`;
    const holder = await holdLock(database.url, "select from log");
    const failed = await retire("--lock-timeout", "50ms", "--lock-retries", "1");
    expect(failed).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining("attempt 1 of 2") as string,
      document: {
        partitions: [{ method: "plain", state: "failed", failure: { sqlState: "55P03" } }],
      },
    });
    expect(await ledger()).toEqual([]);
    await holder.release();
    expect((await retire()).document.partitions).toMatchObject([
      { method: "plain", state: "done" },
    ]);
    expect(await ledger()).toMatchObject([{ detached: true }]);
  });
});

test("two runs at once: the second waits, and finds nothing left", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 8 });
  const results = await Promise.all([retire(), retire()]);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const done = results.flatMap(({ document }) => document.partitions);
  expect(done.filter(({ state }) => state === "done")).toHaveLength(5);
  expect(await ledger()).toHaveLength(5);
});

test("a run that does not get the lock of another one says whose it is", async () => {
  await createOldPartitions(database.sql, { parent: "log", months: 4 });
  const holder = await holdLock(
    database.url,
    "select pg_advisory_lock(hashtext('doramaflix-db retire'), 0)",
  );
  const result = await retire("--max-wait", "0");
  expect(result).toMatchObject({
    exitCode: 6,
    document: {
      error: { code: "LOCKED", detail: expect.stringContaining(String(holder.pid)) as string },
    },
  });
  await holder.release();
});

describe("dropping", () => {
  test("asks, and cannot where there is no terminal", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    await retire();
    expect(await retire("--drop")).toMatchObject({
      exitCode: 2,
      document: { error: { code: "USAGE" } },
    });
    expect(await ledger()).toMatchObject([{ dropped: false }]);
    expect(await retire("--drop", "--yes")).toMatchObject({ exitCode: 0 });
    expect(await ledger()).toMatchObject([{ dropped: true, exported_to: null }]);
    expect(outcomes((await retire("--drop", "--yes")).document)).toEqual([]);
  });

  test.each([
    {
      what: "in the grace period",
      change: "update partition_policies set grace = '1 day'",
      left: "wait planned",
    },
    { what: "kept by its policy", change: "update partition_policies set retain_mode = 'detach'" },
    { what: "of a table without a policy", change: "delete from partition_policies" },
    {
      what: "with another name",
      change: "alter table PARTITION rename to precious",
      left: "keep planned",
    },
    { what: "that is attached again", change: "attach", left: "withdraw done" },
  ])("leaves one $what alone", async ({ change, left }) => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    const { document } = await retire();
    const [detached] = document.partitions;
    const { partition = "", from = "", to = "" } = detached ?? {};
    await database.sql.unsafe(
      change === "attach"
        ? `update partition_policies set retain = '1 year';
           alter table log attach partition ${partition} for values from ('${from}') to ('${to}')`
        : change.replace("PARTITION", partition),
    );
    const result = await retire("--drop", "--yes");
    expect(result.exitCode).toBe(0);
    expect(result.document.partitions.map(({ action, state }) => `${action} ${state}`)).toEqual(
      left === undefined ? [] : [left],
    );
    const name = change.includes("precious") ? "precious" : partition;
    expect(await digestOf(database.sql, [name])).toMatchObject({ rows: 40 });
    if (change === "attach") return;
    const [row] = await database.sql`select id::int from retired_partitions`;
    await expect(
      database.sql`select drop_retired_partition(${row?.["id"] as number})`,
    ).rejects.toMatchObject({
      code: "DF031",
    });
  });

  test("takes nothing with it that depends on the table, and goes on with the others", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 5, policy: dropping });
    const { document } = await retire();
    await database.sql.unsafe(
      `create view v as select * from ${document.partitions[0]?.partition ?? ""}`,
    );
    const result = await retire("--drop", "--yes", "--export", folder);
    expect(result.exitCode).toBe(8);
    expect(result.document.partitions).toMatchObject([
      { state: "failed", failure: { sqlState: "2BP01" } },
      { state: "done" },
    ]);
    expect(await ledger()).toMatchObject([{ dropped: false }, { dropped: true }]);
    await database.sql`drop view v`;
    // The file that the failed attempt has left has the same content.
    expect(await retire("--drop", "--yes", "--export", folder)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(folder).map((name) => name.slice(-7))).toEqual([".csv.gz", ".csv.gz"]);
  });

  test("waits for a lock only for a moment at a time", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    const { document } = await retire();
    const holder = await holdLock(
      database.url,
      `select from ${document.partitions[0]?.partition ?? ""}`,
    );
    for (const more of [[], ["--export", folder]]) {
      const limits = ["--lock-timeout", "50ms", "--lock-retries", "1"];
      const failed = await retire("--drop", "--yes", ...limits, ...more);
      expect(failed).toMatchObject({
        exitCode: 8,
        document: { partitions: [{ state: "failed", failure: { sqlState: "55P03" } }] },
      });
    }
    await holder.release();
    expect(await retire("--drop", "--yes")).toMatchObject({ exitCode: 0 });
  });

  test("a user who does not own the table is told so", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    await retire();
    const role = await createRole();
    await database.sql.unsafe(`
      grant usage on schema public to ${role};
      grant select on all tables in schema public to ${role};
      grant update on retired_partitions to ${role};
      grant execute on all functions in schema public to ${role}`);
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const result = await retire("--drop", "--yes", "--url", url);
    expect(result).toMatchObject({
      exitCode: 8,
      document: {
        partitions: [
          { failure: { sqlState: "42501", hint: expect.stringContaining("owner") as string } },
        ],
      },
    });
    await database.sql.unsafe(`drop owned by ${role}`);
  });
});

describe("exporting", () => {
  test("the file can be loaded again, and holds every row as it was", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    const { document: detached } = await retire();
    const partition = detached.partitions[0]?.partition ?? "";
    const before = await digestOf(database.sql, [partition]);
    // A role or a database may have other formats, and the rows may be hidden.
    await database.sql.unsafe(`
      alter database ${database.name} set intervalstyle = 'sql_standard';
      alter database ${database.name} set extra_float_digits = -5;
      create table again (like ${partition} including all)`);
    const { document } = await retire("--drop", "--yes", "--export", folder);
    const [shown] = document.partitions;
    const file = join(folder, `${partition}.csv.gz`);
    const csv = gunzipSync(readFileSync(file));
    expect(shown).toMatchObject({
      state: "done",
      export: {
        file,
        rows: 40,
        checksum: `sha256:${createHash("sha256").update(csv).digest("hex")}`,
      },
    });
    expect(await ledger()).toMatchObject([{ dropped: true, exported_to: file, exported_rows: 40 }]);
    const [header = ""] = csv.toString().split("\n");
    const session = openSession(database.url);
    const writable = await session
      .unsafe(`copy again (${header}) from stdin (format csv, header match)`)
      .writable();
    await new Promise((resolve, reject) => {
      writable.on("error", reject).on("finish", resolve);
      writable.end(csv);
    });
    expect(await digestOf(database.sql, ["again"])).toEqual(before);
  });

  test("a file with another content is left as it is, and so is the table", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 5, policy: dropping });
    const { document } = await retire();
    const file = join(folder, `${document.partitions[0]?.partition ?? ""}.csv.gz`);
    writeFileSync(file, "precious");
    writeFileSync(`${file}.part`, "of another run");
    const result = await retire("--drop", "--yes", "--export", folder);
    expect(result.exitCode).toBe(8);
    expect(result.document.partitions).toMatchObject([
      {
        state: "failed",
        failure: { message: expect.stringContaining("another content") as string },
      },
      { state: "done" },
    ]);
    expect(readFileSync(file, "utf8")).toBe("precious");
    expect(readFileSync(`${file}.part`, "utf8")).toBe("of another run");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toHaveLength(1);
  });

  describe("while a table is written into its file", () => {
    let partition: string;

    /** Begins to export a table of some size, of which account 1 has a row, and account 2 has none. */
    async function startExport(): Promise<CliRun> {
      await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
      await database.sql.unsafe(`
        create table account (id bigint primary key);
        insert into account values (1), (2);
        alter table log add account bigint references account on delete cascade`);
      const { document } = await retire();
      partition = document.partitions[0]?.partition ?? "";
      await database.sql.unsafe(`
        insert into ${partition} (id, at, raw, account)
        select n, (select min(at) from ${partition}), decode(md5(n::text), 'hex'), nullif(n = 1, false)::int
        from generate_series(1, 80000) n`);
      const run = start("--drop", "--yes", "--export", folder);
      await vi.waitUntil(() => readdirSync(folder).length > 0, { timeout: 30_000, interval: 5 });
      return run;
    }

    test("rows of a table that it refers to can be deleted", async () => {
      const run = await startExport();
      await database.sql`set lock_timeout = '100ms'`;
      await database.sql`delete from account where id = 2`;
      expect(readdirSync(folder)).toEqual([expect.stringMatching(/\.part$/)]);
      expect(await run.result).toMatchObject({ exitCode: 0 });
      expect(readdirSync(folder)).toEqual([`${partition}.csv.gz`]);
      expect(await ledger()).toMatchObject([{ dropped: true, exported_rows: 80_040 }]);
    });

    test.each([
      ["one deletes a row", "delete from account where id = 1"],
      [
        "one adds a row",
        "insert into PARTITION (id, at, raw) select id, at, raw from PARTITION limit 1",
      ],
      ["one changes a row", "update PARTITION set raw = '' where id = 7"],
      [
        "one adds a row and deletes another",
        "with d as (delete from PARTITION where id = 7 returning id, at, raw) insert into PARTITION (id, at, raw) select * from d",
      ],
      ["one adds a column", "alter table PARTITION add more text default 'x'"],
    ])("it stays if %s", async (_, statement) => {
      const run = await startExport();
      await database.sql.unsafe(statement.replaceAll("PARTITION", partition));
      const { exitCode, stdout } = await run.result;
      expect(exitCode).toBe(8);
      expect((JSON.parse(stdout) as RetireResult).partitions).toMatchObject([
        { failure: { message: expect.stringContaining("was changed while") as string } },
      ]);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test("rows that row-level security would hide are not dropped", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 4, policy: dropping });
    const { document } = await retire();
    const partition = document.partitions[0]?.partition ?? "";
    const role = await createRole();
    await database.sql.unsafe(`
      grant usage on schema public to ${role};
      grant select, update on all tables in schema public to ${role};
      grant execute on all functions in schema public to ${role};
      alter table ${partition} owner to ${role};
      alter table ${partition} enable row level security;
      alter table ${partition} force row level security`);
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const result = await retire("--drop", "--yes", "--export", folder, "--url", url);
    expect(result).toMatchObject({
      exitCode: 8,
      document: {
        partitions: [
          { failure: { message: expect.stringContaining("row-level security") as string } },
        ],
      },
    });
    expect(await digestOf(database.sql, [partition])).toMatchObject({ rows: 40 });
    await database.sql.unsafe(
      `alter table ${partition} owner to current_user; drop owned by ${role}`,
    );
  });

  test.skipIf(process.getuid?.() === 0)("a folder that cannot be written is refused", async () => {
    await chmod(folder, 0o500);
    const result = await retire("--drop", "--yes", "--export", folder);
    expect(result).toMatchObject({ exitCode: 2, document: { error: { code: "USAGE" } } });
  });

  test("a disk that is full drops nothing, and the session goes on", async () => {
    await createOldPartitions(database.sql, { parent: "log", months: 5, policy: dropping });
    const { document } = await retire();
    const [first, second] = document.partitions.map(({ partition }) => partition);
    await database.sql.unsafe(
      `insert into ${first} (id, at, raw)
       select n, (select min(at) from ${first}), decode(md5(n::text), 'hex') from generate_series(1, 5000) n`,
    );
    const args = ["partitions", "retire", "--json", "--url", database.url, "--drop", "--yes"];
    const result = await runCli([...args, "--export", folder], { fileSize: 16 });
    expect(result.exitCode).toBe(8);
    expect((JSON.parse(result.stdout) as RetireResult).partitions).toMatchObject([
      { state: "failed", failure: { detail: expect.stringContaining("EFBIG") as string } },
      { state: "done" },
    ]);
    expect(await digestOf(database.sql, [first ?? ""])).toMatchObject({ rows: 5040 });
    expect(readdirSync(folder)).toEqual([`${second}.csv.gz`]);
    expect(await ledger()).toMatchObject([{ dropped: false }, { dropped: true, name: second }]);
  });
});
