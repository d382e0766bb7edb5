import { describe, expect, test } from "vitest";

import { ServerStarted, ServerStatus, ServerStopped, ServerUrl } from "../../src/server/results.ts";
import { serverStatus, serverUrl, startServer } from "../../src/server/server.ts";
import { stopServer, withEmbeddedServer } from "../../src/server/server.ts";
import { connectClient, makeProject, borrowProject, copyProject, query } from "./helpers.ts";

async function isRunning(project: string): Promise<boolean> {
  return (await serverStatus(project)).running;
}

describe("a command", () => {
  test("creates the server, starts it, and stops it at its end", async () => {
    const project = makeProject();
    expect(await serverStatus(project)).toMatchObject({ created: false, running: false });
    const rows = await withEmbeddedServer(project, async (connection) => {
      expect(await isRunning(project)).toBe(true);
      return query(connection, "select current_database() as database, current_user as role");
    });
    expect(rows).toEqual([{ database: "doramaflix", role: "doramaflix" }]);
    expect(await serverStatus(project)).toMatchObject({ created: true, running: false });
  });

  test("says that it creates the server, but only the first time", async () => {
    const project = makeProject();
    const told: string[] = [];
    const tell = (text: string): void => void told.push(text);
    await withEmbeddedServer(project, () => Promise.resolve(), { tell });
    await withEmbeddedServer(project, () => Promise.resolve(), { tell });
    expect(told).toEqual(["Creating the embedded PostgreSQL 18 server, once for this project."]);
  });

  test("finds the data and the address of the one before", async () => {
    const project = await borrowProject();
    const first = await withEmbeddedServer(project, async (connection) => {
      await query(connection, "create table dramas as select 1 as id");
      return connection;
    });
    const second = await withEmbeddedServer(project, async (connection) => {
      expect(await query(connection, "select id from dramas")).toEqual([{ id: 1 }]);
      return connection;
    });
    expect(second).toEqual(first);
  });

  test("starts a stopped server well within a second", async () => {
    const project = await borrowProject();
    const begin = performance.now();
    const started = await withEmbeddedServer(project, () => Promise.resolve(performance.now()));
    expect(started - begin).toBeLessThan(1000);
  });

  test("that fails passes its error on and stops the server", async () => {
    const project = await borrowProject();
    const failing = withEmbeddedServer(project, () => Promise.reject(new Error("the work failed")));
    await expect(failing).rejects.toThrow("the work failed");
    expect(await isRunning(project)).toBe(false);
  });

  test("leaves the server to a client that is connected; the next command stops it", async () => {
    const project = await borrowProject();
    const disconnect = await withEmbeddedServer(project, connectClient);
    expect(await isRunning(project)).toBe(true);
    await disconnect();
    await withEmbeddedServer(project, () => Promise.resolve());
    expect(await isRunning(project)).toBe(false);
  });

  test("within another one leaves the server to that one", async () => {
    const project = await borrowProject();
    await withEmbeddedServer(project, async (connection) => {
      await withEmbeddedServer(project, () => Promise.resolve());
      expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
    });
    expect(await isRunning(project)).toBe(false);
  });

  test("does not keep the database from being dropped or copied", async () => {
    const project = await copyProject();
    await withEmbeddedServer(project, async (connection) => {
      const maintenance = { ...connection, database: "postgres" };
      await query(maintenance, "create database copy template doramaflix");
      await query(maintenance, "drop database doramaflix");
    });
    expect(await isRunning(project)).toBe(false);
  });
});

describe("server start and stop", () => {
  test("start keeps the server running across commands until stop", async () => {
    const project = await borrowProject();
    const started = ServerStarted.parse(await startServer(project));
    expect(started).toMatchObject({ running: true, keptRunning: true, alreadyRunning: false });
    await withEmbeddedServer(project, () => Promise.resolve());
    expect(await isRunning(project)).toBe(true);

    const again = await startServer(project);
    expect(again).toMatchObject({ alreadyRunning: true, pid: started.pid });

    const stopped = ServerStopped.parse(await stopServer(project));
    expect(stopped).toMatchObject({ wasRunning: true, running: false, keptRunning: false });
    expect(await stopServer(project)).toMatchObject({ wasRunning: false });

    await withEmbeddedServer(project, () => Promise.resolve());
    expect(await isRunning(project)).toBe(false);
  });

  test("start keeps a server that a command started", async () => {
    const project = await borrowProject();
    await withEmbeddedServer(project, async () => {
      expect(await startServer(project)).toMatchObject({ alreadyRunning: true, keptRunning: true });
    });
    expect(await isRunning(project)).toBe(true);
  });

  test("stop ends the sessions of clients", async () => {
    const project = await borrowProject();
    await startServer(project);
    await withEmbeddedServer(project, connectClient);
    await stopServer(project);
    expect(await isRunning(project)).toBe(false);
  });

  test("stop and status know a server that was never created", async () => {
    const project = makeProject();
    expect(await stopServer(project)).toMatchObject({ wasRunning: false, created: false });
    expect(ServerStatus.parse(await serverStatus(project))).toMatchObject({
      running: false,
      pid: null,
      url: null,
      version: "18.4",
    });
  });
});

describe("server url", () => {
  test("opens a session, and differs from the status only by the password", async () => {
    const project = await borrowProject();
    const { url: withoutPassword, port } = await startServer(project);
    const url = new URL(ServerUrl.parse(serverUrl(project)).url);
    await withEmbeddedServer(project, async (connection) => {
      expect(connection.hosts).toEqual([{ host: url.hostname, port: Number(url.port) }]);
      expect(decodeURIComponent(url.password)).toBe(connection.password);
    });
    expect(withoutPassword).toBe(`postgresql://doramaflix@127.0.0.1:${port}/doramaflix`);
    url.password = "";
    expect(url.href).toBe(withoutPassword);
  });

  test("says how to start a server that is not running", () => {
    const project = makeProject();
    expect(() => serverUrl(project)).toThrow(
      expect.objectContaining({
        code: "EMBEDDED_SERVER_FAILED",
        message: "The embedded server is not running.",
        hint: expect.stringContaining('"doramaflix-db server start"'),
      }),
    );
  });
});
