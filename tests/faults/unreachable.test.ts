import { connect, createServer } from "node:net";
import { once } from "node:events";
import { expect, inject, onTestFinished, test } from "vitest";
import { untilActive } from "../support/backends.ts";
import { startCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { startProtocolProxy } from "../support/protocol-proxy.ts";
import { onTarget, through } from "./scenario.ts";

test("SIGTERM ends a run whose statement cannot be cancelled, for the server takes no more connections", async () => {
  const { name, url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_slow.sql": migration("do 'begin perform pg_sleep(60); end'"),
  });
  const proxy = await startProtocolProxy(Number(new URL(url).port));
  const target = { url: through(proxy.port, url), project };
  const { child, result } = startCli(onTarget(["migrate"], target));
  await untilActive(sql, name, "doramaflix-db: 001_slow");
  proxy.refuse();
  child.kill("SIGTERM");
  const { exitCode, stdout, stderr } = await result;
  expect(stderr).not.toContain("ECONNREFUSED");
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "INTERRUPTED" } });
  expect(exitCode).toBe(130);
});

/** Listens for one connection that it passes on, and for others that it takes and never answers. */
async function startOneWayIn(): Promise<number> {
  let isTaken = false;
  const server = createServer((client) => {
    client.on("error", () => {});
    if (isTaken) return;
    isTaken = true;
    const upstream = connect(Number(new URL(inject("serverUrl")).port), "127.0.0.1");
    upstream.on("error", () => {});
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as { readonly port: number }).port;
}

test("a run ends although the second session, which looks at what it waits for, never gets an answer", async () => {
  const { url } = await createDatabase();
  const project = await createProject({
    "migrations/001_slow.sql": migration("do 'begin perform pg_sleep(1); end'"),
  });
  const address = new URL(through(await startOneWayIn(), url));
  address.searchParams.set("connect_timeout", "100");
  const { child, result } = startCli(onTarget(["migrate"], { url: address.href, project }));
  const timer = setTimeout(() => child.kill("SIGKILL"), 40_000);
  const { exitCode, signal } = await result;
  clearTimeout(timer);
  expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
});
