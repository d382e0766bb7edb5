import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import type { ServerConnection } from "../../src/config/schema.ts";
import { locatePlace } from "../../src/server/place.ts";
import { findPostmaster } from "../../src/server/postmaster.ts";
import { serverStatus, serverUrl, startServer, stopServer } from "../../src/server/server.ts";
import { withEmbeddedServer } from "../../src/server/server.ts";
import {
  compileCommand,
  connectClient,
  holding,
  isAlive,
  makeProject,
  borrowProject,
  copyProject,
} from "./helpers.ts";
import { query, startCommand, until } from "./helpers.ts";

const program = compileCommand();

function nothing(): Promise<void> {
  return Promise.resolve();
}

function selectOne(connection: ServerConnection): Promise<readonly object[]> {
  return query(connection, "select 1 as one");
}

function serverFolderIsBeingMade(project: string): boolean {
  const { folder } = locatePlace(project);
  const names = existsSync(dirname(folder)) ? readdirSync(dirname(folder)) : [];
  return names.some((name) => name.startsWith(`${basename(folder)}.new-`));
}

/** Starts the server, kills its first process without warning, and returns that process's number. */
async function killPostmaster(project: string): Promise<number> {
  const { pid } = await startServer(project);
  if (pid === null) throw new Error("The server is not running.");
  process.kill(pid, "SIGKILL");
  await until(() => !isAlive(pid));
  return pid;
}

describe("after the server was killed", () => {
  test("the next command starts it again", async () => {
    const project = await borrowProject();
    await killPostmaster(project);
    expect(await serverStatus(project)).toMatchObject({ running: false });
    expect(await withEmbeddedServer(project, selectOne)).toEqual([{ one: 1 }]);
  });

  test("the next command starts it again although its number belongs to another process", async () => {
    const project = await borrowProject();
    await killPostmaster(project);
    const { account, dataDirectory } = locatePlace(project);
    const other = spawn("/bin/sleep", ["60"], { ...account, stdio: "ignore" });
    onTestFinished(() => void other.kill());
    const lockFile = join(dataDirectory, "postmaster.pid");
    const lines = readFileSync(lockFile, "utf8").split("\n");
    writeFileSync(lockFile, [other.pid, ...lines.slice(1)].join("\n"));

    expect(await serverStatus(project)).toMatchObject({ running: false });
    expect(await stopServer(project)).toMatchObject({ wasRunning: false });
    expect(await withEmbeddedServer(project, selectOne)).toEqual([{ one: 1 }]);
    expect(isAlive(other.pid ?? 0)).toBe(true);
  });

  test("a backend's crash does not disturb the next command", async () => {
    const project = await borrowProject();
    await startServer(project);
    const pid = await withEmbeddedServer(project, async (connection) => {
      const rows = await query(
        connection,
        "select pid from pg_stat_activity where backend_type = 'walwriter'",
      );
      return (rows as { pid: number }[])[0]?.pid ?? 0;
    });
    process.kill(pid, "SIGKILL");
    expect(await withEmbeddedServer(project, selectOne)).toEqual([{ one: 1 }]);
  });
});

test("a server that is just recovering can be stopped", async () => {
  const project = await borrowProject();
  const { dataDirectory } = locatePlace(project);
  for (let round = 0; round < 10; round += 1) {
    await killPostmaster(project);
    const start = withEmbeddedServer(project, nothing);
    await until(() => findPostmaster(dataDirectory)?.status === "starting");
    expect(await stopServer(project)).toMatchObject({ wasRunning: true });
    // It finds its server gone, and starts another one.
    await start;
  }
});

describe("after a command was killed", () => {
  test("the next command uses its server and stops it", async () => {
    const project = await borrowProject();
    const command = startCommand("hold", { program, project });
    await holding(command);
    command.process.kill("SIGKILL");
    await command.ended();
    const { pid } = await serverStatus(project);
    expect(pid).not.toBeNull();
    await withEmbeddedServer(project, async () => {
      expect(await serverStatus(project)).toMatchObject({ pid });
    });
    expect(await serverStatus(project)).toMatchObject({ running: false });
  });

  test("while it created the server, the next one creates it", async () => {
    const project = makeProject();
    const command = startCommand("use", { program, project });
    await until(() => serverFolderIsBeingMade(project));
    command.process.kill("SIGKILL");
    await command.ended();
    expect(await withEmbeddedServer(project, selectOne)).toEqual([{ one: 1 }]);
  });
});

describe("when files are missing or damaged", () => {
  test("a deleted folder is created again, also while its server runs", async () => {
    const project = await copyProject();
    const { pid } = await startServer(project);
    onTestFinished(() => {
      if (pid !== null && isAlive(pid)) process.kill(pid, "SIGQUIT");
    });
    rmSync(locatePlace(project).folder, { recursive: true });
    rmSync(join(project, ".doramaflix"), { recursive: true });
    expect(await withEmbeddedServer(project, selectOne)).toEqual([{ one: 1 }]);
    expect(await serverStatus(project)).toMatchObject({ created: true, running: false });
  });

  test("a folder that is deleted while a command uses it does not hide the command's result", async () => {
    const project = await copyProject();
    const { pid } = await startServer(project);
    onTestFinished(() => {
      if (pid !== null && isAlive(pid)) process.kill(pid, "SIGQUIT");
    });
    const result = await withEmbeddedServer(project, async () => {
      rmSync(locatePlace(project).folder, { recursive: true });
      return "done";
    });
    expect(result).toBe("done");
  });

  test("an incomplete data directory is named", async () => {
    const project = await copyProject();
    const { dataDirectory, folder } = locatePlace(project);
    rmSync(join(dataDirectory, "PG_VERSION"));
    await expect(withEmbeddedServer(project, nothing)).rejects.toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      message: expect.stringContaining(dataDirectory),
      hint: expect.stringContaining(`delete "${folder}"`),
    });
  });

  test("a data directory of another major version is named with both versions", async () => {
    const project = await copyProject();
    const { dataDirectory } = locatePlace(project);
    writeFileSync(join(dataDirectory, "PG_VERSION"), "17\n");
    await expect(withEmbeddedServer(project, nothing)).rejects.toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      message: `The data directory "${dataDirectory}" was made by PostgreSQL 17, and the embedded server is PostgreSQL 18.`,
      hint: expect.stringContaining("Dump it with PostgreSQL 17"),
    });
  });

  test("a damaged data directory shows the end of the server's log", async () => {
    const project = await copyProject();
    const { dataDirectory, folder } = locatePlace(project);
    truncateSync(join(dataDirectory, "global", "pg_control"), 100);
    await expect(withEmbeddedServer(project, nothing)).rejects.toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      message: "The embedded server did not start.",
      detail: expect.stringContaining("pg_control"),
      hint: expect.stringContaining(folder),
    });
  });

  test("a missing password file is explained", async () => {
    const project = await copyProject();
    await startServer(project);
    const { passwordFile } = locatePlace(project);
    renameSync(passwordFile, `${passwordFile}.away`);
    await expect(withEmbeddedServer(project, nothing)).rejects.toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      message: "The embedded server runs, but accepts no session.",
    });
    expect(() => serverUrl(project)).toThrow(`The password file "${passwordFile}" is missing.`);
  });
});

describe("when other things are in the way", () => {
  test("a taken port is replaced by another one, which is remembered", async () => {
    const project = await borrowProject();
    await withEmbeddedServer(project, nothing);
    const { portFile } = locatePlace(project);
    const taken = Number(readFileSync(portFile, "utf8"));
    const blocker = createServer().listen(taken, "127.0.0.1");
    await once(blocker, "listening");
    onTestFinished(() => void blocker.close());

    const port = await withEmbeddedServer(project, async (connection) => {
      await selectOne(connection);
      return connection.hosts[0]?.port;
    });
    expect(port).not.toBe(taken);
    expect(Number(readFileSync(portFile, "utf8"))).toBe(port);
  });

  test("a server that is shutting down is waited for and started again", async () => {
    const project = await borrowProject();
    const { pid } = await startServer(project);
    const disconnect = await withEmbeddedServer(project, connectClient);
    process.kill(pid ?? 0, "SIGTERM");
    const { dataDirectory } = locatePlace(project);
    await until(() => findPostmaster(dataDirectory)?.status === "stopping");

    const command = withEmbeddedServer(project, selectOne);
    await disconnect();
    expect(await command).toEqual([{ one: 1 }]);
    expect((await serverStatus(project)).pid).not.toBe(pid);
  });

  test("a server that waits for its last client can be stopped", async () => {
    const project = await borrowProject();
    const { pid } = await startServer(project);
    await withEmbeddedServer(project, connectClient);
    process.kill(pid ?? 0, "SIGTERM");
    const { dataDirectory } = locatePlace(project);
    await until(() => findPostmaster(dataDirectory)?.status === "stopping");
    expect(await stopServer(project)).toMatchObject({ wasRunning: true, running: false });
  });
});
