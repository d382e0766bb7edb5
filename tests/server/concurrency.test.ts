import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";

import { expect, test } from "vitest";

import { locatePlace } from "../../src/server/place.ts";
import { serverStatus, withEmbeddedServer } from "../../src/server/server.ts";
import {
  type Answer,
  compileCommand,
  holding,
  makeProject,
  borrowProject,
  query,
} from "./helpers.ts";
import { startCommand } from "./helpers.ts";

const program = compileCommand();

/** Runs commands in processes of their own at the same time and returns what they said. */
function useAtOnce(project: string, count: number): Promise<Answer[]> {
  const commands = Array.from({ length: count }, () => startCommand("use", { program, project }));
  return Promise.all(commands.map((command) => command.ended()));
}

test("commands at the same time create one server, and the last of them stops it", async () => {
  const project = makeProject();
  const answers = await useAtOnce(project, 4);
  expect(answers.map(({ kind, ...other }) => kind ?? other)).toEqual(Array(4).fill("server"));
  expect(new Set(answers.map(({ password }) => password)).size).toBe(1);
  expect(await serverStatus(project)).toMatchObject({ running: false });
  const { folder } = locatePlace(project);
  const left = readdirSync(dirname(folder)).filter((name) => name.startsWith(basename(folder)));
  expect(left).toEqual([basename(folder)]);
});

test("commands at the same time start a stopped server once, and the last of them stops it", async () => {
  const project = await borrowProject();
  for (let round = 0; round < 3; round += 1) {
    const answers = await useAtOnce(project, 6);
    expect(answers.map(({ kind, ...other }) => kind ?? other)).toEqual(Array(6).fill("server"));
    expect(await serverStatus(project)).toMatchObject({ running: false });
  }
});

test("commands that come and go in any order never lose the server under their feet", async () => {
  const project = await borrowProject();
  const visit = async (): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1) {
      const rows = await withEmbeddedServer(project, async (connection) => {
        await query(connection, "select pg_sleep(random() * 0.03)");
        return query(connection, "select 1 as one");
      });
      expect(rows).toEqual([{ one: 1 }]);
    }
  };
  await Promise.all([visit(), visit(), visit(), visit(), visit()]);
  expect(await serverStatus(project)).toMatchObject({ running: false });
});

test("a command that ends leaves the server to another process's command", async () => {
  const project = await borrowProject();
  const command = startCommand("hold", { program, project });
  const { hosts } = await holding(command);
  await withEmbeddedServer(project, (connection) => {
    expect(connection.hosts).toEqual(hosts);
    return Promise.resolve();
  });
  expect(await serverStatus(project)).toMatchObject({ running: true });
  command.process.stdin.end();
  await command.ended();
  expect(await serverStatus(project)).toMatchObject({ running: false });
});
