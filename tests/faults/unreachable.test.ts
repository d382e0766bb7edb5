import { expect, test } from "vitest";
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
