import { expect, test } from "vitest";
import { locatePlace } from "../../src/server/place.ts";
import { serverStatus, startServer, withEmbeddedServer } from "../../src/server/server.ts";
import { findPostmaster } from "../../src/server/postmaster.ts";
import {
  compileCommand,
  makeProject,
  makeProjectWithServer,
  startCommand,
  ordinaryUser,
  query,
} from "./helpers.ts";
const program = compileCommand();
test("measure", async () => {
  const project = await makeProjectWithServer();
  await startServer(project);
  const d = locatePlace(project).dataDirectory;
  const t = performance.now();
  for (let i = 0; i < 1000; i++) findPostmaster(d);
  console.log("look µs", performance.now() - t);
  const a: number[] = [];
  for (let i = 0; i < 20; i++) {
    const t = performance.now();
    await withEmbeddedServer(project, () => Promise.resolve());
    a.push(Math.round(performance.now() - t));
  }
  console.log("kept running", a.join(" "));
});
test("hammer", async () => {
  const project = await makeProjectWithServer();
  const t = performance.now();
  let n = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - t < 30000) {
      await new Promise((r) => setTimeout(r, Math.random() * 300));
      const answer = await startCommand("use", { program, project }).ended();
      expect(answer.kind ?? answer).toBe("server");
      n++;
    }
  };
  await Promise.all([one(), one(), one()]);
  console.log(n);
  expect(await serverStatus(project)).toMatchObject({ running: false });
});
test("hammer in-process", async () => {
  const project = await makeProjectWithServer();
  const t = performance.now();
  let n = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - t < 20000) {
      await new Promise((r) => setTimeout(r, Math.random() * 150));
      await withEmbeddedServer(project, async (c) => {
        await query(c, "select 1");
        await query(c, "select 2");
      });
      n++;
    }
  };
  await Promise.all([one(), one(), one()]);
  console.log(n);
  expect(await serverStatus(project)).toMatchObject({ running: false });
});
