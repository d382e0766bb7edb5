import { readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { locatePlace } from "../../../src/server/place.ts";
import { serverStatus, serverUrl, startServer, stopServer } from "../../../src/server/server.ts";
import { runCli } from "../../support/cli.ts";
import { createDatabase, createRole, openSession, urlOf } from "../../support/database.ts";
import { postgresPrograms } from "../../support/postgres-packages.ts";
import { createProject, migration, writeFiles } from "../../support/project.ts";
import {
  createCluster,
  freePort,
  startPostgres,
  untilReady,
} from "../../support/throwaway-server.ts";
import { refused, refusedWithHint, withoutChange } from "./refusals.ts";

const files = {
  "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
};

test("with no server at the address, the address and its source are named", async () => {
  const port = await freePort();
  const project = await createProject(files);
  const url = urlOf({ port });
  const { exitCode, error } = await refusedWithHint("migrate", "--url", url, "--project", project);
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({
    code: "CONNECTION_FAILED",
    message: expect.stringContaining(`at 127.0.0.1:${port} as user`) as string,
    hint: expect.stringContaining("The address comes from --url.") as string,
  });
});

test("a wrong password is refused and printed nowhere", async () => {
  const { name: database, sql } = await createDatabase();
  const user = await createRole();
  const project = await createProject(files);
  const url = urlOf({ database, user, password: "not-the-password" });
  const { exitCode, error, stderr } = await withoutChange(sql, async () =>
    refusedWithHint("migrate", "--url", url, "--project", project),
  );
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({ code: "CONNECTION_FAILED", sqlState: "28P01" });
  expect(stderr + JSON.stringify(error)).not.toContain("not-the-password");
});

test("a database that does not exist is refused", async () => {
  const project = await createProject(files);
  const url = urlOf({ database: "nowhere" });
  const { exitCode, error } = await refusedWithHint("migrate", "--url", url, "--project", project);
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({
    code: "CONNECTION_FAILED",
    sqlState: "3D000",
    message: expect.stringContaining('"nowhere"') as string,
  });
});

test("a role that may not create in public is refused before anything is tried", async () => {
  const { name: database, sql } = await createDatabase();
  const user = await createRole();
  const project = await createProject(files);
  const url = urlOf({ database, user, password: "secret" });
  const { exitCode, error } = await withoutChange(sql, async () =>
    refusedWithHint("migrate", "--url", url, "--project", project),
  );
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({
    code: "SERVER_REFUSED",
    message: `User "${user}" may not create objects in schema "public" of database "${database}".`,
    hint: expect.stringContaining(`GRANT CREATE ON SCHEMA public TO "${user}"`) as string,
  });
});

test("a role that may not read the ledger is refused", async () => {
  const { name: database, sql, url: owner } = await createDatabase();
  const user = await createRole();
  const project = await createProject(files);
  await runCli(["migrate", "--url", owner, "--project", project]);
  const url = urlOf({ database, user, password: "secret" });
  const { exitCode, error } = await withoutChange(sql, async () =>
    refused("migrate", "--url", url, "--project", project),
  );
  expect(exitCode).toBe(3);
  expect(error).toMatchObject({ code: "SERVER_REFUSED", sqlState: "42501" });
});

test("a standby is read and never written to", async () => {
  const project = await createProject(files);
  await startServer(project);
  const { url } = serverUrl(project);
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  await stopServer(project);
  const { dataDirectory: link } = await serverStatus(project);
  const dataDirectory = await realpath(link);
  onTestFinished(async () => {
    await rm(dataDirectory, { recursive: true, force: true });
  });
  const [program = ""] = (await readFile(join(dataDirectory, "postmaster.opts"), "utf8")).split(
    " ",
  );
  await writeFile(join(dataDirectory, "standby.signal"), "");
  const standby = new URL(url);
  standby.port = String(await startPostgres(program, dataDirectory));
  await untilReady(standby.href);
  await writeFiles(project, {
    "migrations/002_second.sql": migration("create table second (id integer)"),
  });
  const sql = openSession(standby.href);
  expect(await sql`select pg_is_in_recovery() as standby`).toEqual([{ standby: true }]);

  await withoutChange(sql, async () => {
    for (const command of ["migrate", "rollback"]) {
      const { exitCode, error } = await refusedWithHint(
        command,
        "--url",
        standby.href,
        "--project",
        project,
      );
      expect(exitCode).toBe(3);
      expect(error).toMatchObject({
        code: "SERVER_IS_STANDBY",
        hint: expect.stringContaining("target_session_attrs=read-write") as string,
      });
    }
  });

  const status = await runCli(["status", "--json", "--url", standby.href, "--project", project]);
  expect(status.exitCode).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    migrations: [{ state: "applied" }, { state: "pending" }],
  });
});

test("a server older than 15 is refused", async () => {
  const programs = await postgresPrograms(14, locatePlace(tmpdir()));
  const cluster = await createCluster(dirname(programs.initdb));
  const port = await startPostgres(programs.postgres, cluster);
  const url = `postgresql://test@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  const sql = openSession(url);
  const project = await createProject(files);
  await withoutChange(sql, async () => {
    for (const command of ["migrate", "rollback", "status"]) {
      const { exitCode, error } = await refusedWithHint(
        command,
        "--url",
        url,
        "--project",
        project,
      );
      expect(exitCode).toBe(3);
      expect(error).toMatchObject({
        code: "SERVER_TOO_OLD",
        message: expect.stringMatching(
          /PostgreSQL 14\.\d+; doramaflix-db needs 15 or newer/,
        ) as string,
      });
    }
  });
});

test("a server that accepts and says nothing, or closes at once, is given up on", async () => {
  const project = await createProject(files);
  for (const behaviour of ["silent", "closing"] as const) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      if (behaviour === "closing") socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const url = `postgres://u@127.0.0.1:${port}/d?connect_timeout=1&sslmode=disable`;
    const { exitCode, error } = await refusedWithHint("status", "--url", url, "--project", project);
    expect(exitCode).toBe(3);
    expect(error).toMatchObject({ code: "CONNECTION_FAILED" });
  }
});
