// Checks of a whole server, which has to be another one than that of the other tests.
import { open } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { openSession } from "../../support/database.ts";
import { applyCure, examineOnly, findingsOf, type Threshold } from "../../support/health.ts";
import { startStreamingPair } from "../../support/standby.ts";
import { startThrowawayServer } from "../../support/throwaway-server.ts";

const major = Number(process.env["TEST_POSTGRES"] ?? "18");

async function run(url: string, ...statements: string[]): Promise<void> {
  const sql = openSession(url);
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

test("prepared transactions, slots and archiving", { timeout: 120_000 }, async () => {
  const server = await startThrowawayServer();
  const { url } = server;
  expect((await examineOnly(url, "archiver")).notChecked).toMatchObject([
    { name: "archiver", cure: null },
  ]);
  await run(
    url,
    "alter system set max_prepared_transactions = 10",
    "alter system set archive_mode = on",
    "alter system set archive_command = 'true'",
    "checkpoint",
  );
  await server.shutDownImmediately();
  await server.start();

  const atOnce: readonly Threshold[] = [["interval '5 minutes'", "interval '0'"]];
  expect(await findingsOf(url, "prepared_transactions", atOnce)).toEqual([]);
  await run(url, "begin; create table t (a int); prepare transaction 'it''s'");
  expect(await findingsOf(url, "prepared_transactions")).toEqual([]);
  const [prepared] = await findingsOf(url, "prepared_transactions", atOnce);
  expect(prepared).toMatchObject({ level: "warning", object: "it's" });
  await applyCure(url, prepared?.cure);
  expect(await findingsOf(url, "prepared_transactions", atOnce)).toEqual([]);

  expect(await findingsOf(url, "replication_slots")).toEqual([]);
  await run(url, "select pg_create_physical_replication_slot('s', true)");
  // Before 17 nobody knows since when.
  expect(await findingsOf(url, "replication_slots")).toHaveLength(major < 17 ? 1 : 0);
  const [slot] = await findingsOf(url, "replication_slots", atOnce);
  expect(slot).toMatchObject({
    level: "warning",
    object: "s",
    message: expect.stringMatching(
      /^physical slot, read by nobody.*, retains .* of WAL$/,
    ) as string,
  });
  await applyCure(url, slot?.cure);
  expect(await findingsOf(url, "replication_slots", atOnce)).toEqual([]);

  expect(await findingsOf(url, "archiver")).toEqual([]);
  await run(
    url,
    "alter system set archive_command = 'false'",
    "select pg_reload_conf()",
    "create table u (a int)",
    "select pg_switch_wal()",
  );
  await expect
    .poll(async () => findingsOf(url, "archiver"), { timeout: 30_000 })
    .toMatchObject([{ level: "error", cure: null }]);
  await run(url, "alter system set archive_command = 'true'", "select pg_reload_conf()");
  await expect.poll(async () => findingsOf(url, "archiver"), { timeout: 30_000 }).toEqual([]);
});

test(
  "a slot that retains too much is an error when its WAL goes",
  { timeout: 120_000 },
  async () => {
    const { url } = await startThrowawayServer();
    await run(
      url,
      "alter system set max_slot_wal_keep_size = '1MB'",
      "select pg_reload_conf()",
      "select pg_create_physical_replication_slot('s', true)",
      "create table t (a int)",
    );
    for (let segment = 0; segment < 4; segment += 1)
      await run(url, "insert into t values (1)", "select pg_switch_wal()");
    await run(url, "checkpoint");
    const [slot] = await findingsOf(url, "replication_slots");
    expect(slot).toMatchObject({
      level: "error",
      object: "s",
      message: expect.stringMatching(/its WAL is (lost|unreserved)$/) as string,
    });
  },
);

test("few pages in memory", async () => {
  const { url } = await startThrowawayServer();
  const any: readonly Threshold[] = [
    ["100000", "1"],
    ["0.9 *", "2 *"],
  ];
  expect(await findingsOf(url, "cache_hit")).toEqual([]);
  await expect
    .poll(async () => findingsOf(url, "cache_hit", any))
    .toMatchObject([{ level: "note", object: "postgres", cure: null }]);
});

test.skipIf(major < 18)("a page that the disk has damaged", { timeout: 120_000 }, async () => {
  const server = await startThrowawayServer();
  const { url } = server;
  await run(url, "create table t as select generate_series(1, 1000) as a", "checkpoint");
  const sql = openSession(url);
  const [place] = await sql<{ path: string }[]>`
    select current_setting('data_directory') || '/' || pg_relation_filepath('t') as path`;
  await sql.end();
  expect(await findingsOf(url, "checksum_failures")).toEqual([]);
  await server.shutDownImmediately();
  const file = await open(place?.path ?? "", "r+");
  await file.write(Buffer.from("damaged"), 0, 7, 8000);
  await file.close();
  await server.start();
  await expect(run(url, "select count(*) from t")).rejects.toThrow("invalid page");
  await expect
    .poll(async () => findingsOf(url, "checksum_failures"))
    .toMatchObject([{ level: "error", object: "postgres", cure: null }]);
  await run(url, "select pg_stat_reset()");
  expect(await findingsOf(url, "checksum_failures")).toEqual([]);
});

test("a standby that is behind, paused, and cut off", { timeout: 180_000 }, async () => {
  const { primary, standby } = await startStreamingPair();
  const any: readonly Threshold[] = [["b.bytes >= 1024::numeric ^ 3", "b.bytes >= 1"]];
  const lag = async (url: string): ReturnType<typeof findingsOf> =>
    findingsOf(url, "replication_lag", any);
  const reader = openSession(primary);
  await expect
    .poll(async () => reader`select from pg_stat_replication where state = 'streaming'`)
    .toHaveLength(1);
  await expect.poll(async () => lag(primary)).toEqual([]);
  await expect.poll(async () => lag(standby)).toEqual([]);

  await run(standby, "select pg_wal_replay_pause()");
  await run(primary, "create table t (a int primary key)");
  await expect.poll(async () => lag(primary)).toMatchObject([{ object: "walreceiver" }]);
  const [paused] = await lag(standby);
  expect(paused).toMatchObject({
    level: "warning",
    object: "this standby",
    message: expect.stringMatching(/^replay is paused, /) as string,
  });
  await applyCure(standby, paused?.cure);
  await expect.poll(async () => lag(standby)).toEqual([]);
  await expect.poll(async () => lag(primary)).toEqual([]);

  // A standby is looked at as a whole, and says what it cannot know.
  const { exitCode, stdout } = await runCli(["health", "--json", "--url", standby]);
  expect(exitCode).toBe(0);
  const result = JSON.parse(stdout) as { notChecked: { name: string; reason: string }[] };
  expect(result).toMatchObject({ isStandby: true, findings: [] });
  expect(
    result.notChecked
      .filter(({ reason }) => reason.startsWith("a standby does not know"))
      .map(({ name }) => name),
  ).toEqual(["prepared_transactions", "dead_rows", "missing_statistics", "invalid_indexes"]);

  await run(standby, "alter system set primary_conninfo = ''", "select pg_reload_conf()");
  await expect
    .poll(async () => lag(standby))
    .toMatchObject([
      { message: expect.stringMatching(/^gets nothing from a primary/) as string, cure: null },
    ]);

  // One that is fed from an archive and has started anew has received nothing.
  await run(standby, "alter system set restore_command = 'false'", "select pg_reload_conf()");
  await expect
    .poll(async () =>
      findingsOf(standby, "replication_lag", [
        ["pg_last_wal_receive_lsn()", "null::pg_lsn"],
        ["b.milliseconds >= 30000", "b.milliseconds >= 0"],
      ]),
    )
    .toEqual([]);
});
