import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startAgain, startContainer, endServer } from "../support/container-server.ts";
import { openSession } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

interface Status {
  readonly migrations: readonly { readonly version: string; readonly state: string }[];
}

test.each(["SIGINT", "SIGKILL"] as const)(
  "a server that %s ended during a migration has a ledger that fits its tables, and the next run completes",
  async (signal) => {
    const container = await startContainer();
    onTestFinished(async () => {
      await container.stop();
    });
    const project = await createProject({
      "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
      "migrations/002_second.sql": migration(
        "create table second (id integer); select pg_sleep(600)",
        "drop table second",
      ),
      "migrations/003_third.sql": migration("create table third (id integer)", "drop table third"),
    });
    const url = container.getConnectionUri();
    const running = runCli(["migrate", "--json", "--url", url, "--project", project]);
    await asleep(url);
    await endServer(container, signal);

    const { exitCode, stdout, stderr } = await running;
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: "CONNECTION_LOST",
        message: "The connection to the server was lost.",
        hint: expect.stringContaining("Run the command again") as string,
      },
    });
    expect(stderr).toContain("The connection to the server was lost.");

    const unreachable = await runCli(["status", "--json", "--url", url, "--project", project]);
    expect(unreachable.exitCode).toBe(3);
    expect(JSON.parse(unreachable.stdout)).toMatchObject({ error: { code: "CONNECTION_FAILED" } });

    const after = await startAgain(container);
    const sql = openSession(after);
    await expect.poll(async () => sql`select 1 as one`, { timeout: 60_000 }).toEqual([{ one: 1 }]);
    // The first one's commit need not have reached the disk; then neither its table nor its row is there.
    const status = await runCli(["status", "--json", "--url", after, "--project", project]);
    const { migrations } = JSON.parse(status.stdout) as Status;
    const [tables] = await sql`
      select to_regclass('first') is not null as first, to_regclass('second') is not null as second`;
    expect(tables).toEqual({ first: migrations[0]?.state === "applied", second: false });
    expect(migrations.slice(1).map(({ state }) => state)).toEqual(["pending", "pending"]);

    await writeFiles(project, {
      "migrations/002_second.sql": migration(
        "create table second (id integer)",
        "drop table second",
      ),
    });
    const again = await runCli(["migrate", "--url", after, "--project", project]);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(await sql`select version from schema_migrations order by applied_order`).toEqual([
      { version: "001_first" },
      { version: "002_second" },
      { version: "003_third" },
    ]);
    expect(await sql`select to_regclass('third')::text as third`).toEqual([{ third: "third" }]);
  },
);

/** Waits until a migration sleeps. */
async function asleep(url: string): Promise<void> {
  const sql = openSession(url);
  const sleepers = (): PromiseLike<unknown> =>
    sql`select application_name from pg_stat_activity where wait_event = 'PgSleep'`;
  await expect
    .poll(sleepers, { timeout: 60_000 })
    .toEqual([{ application_name: "doramaflix-db: 002_second" }]);
  await sql.end();
}
