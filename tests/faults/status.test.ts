import { expect, inject, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabaseWithEngine, urlOf } from "../support/database.ts";
import {
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createProject } from "../support/project.ts";
import { startProtocolProxy } from "../support/protocol-proxy.ts";
import { files } from "./project-files.ts";
import { leave, messagesOf, onTarget, runWithFault, succeed } from "./scenario.ts";

test(
  "status says that the connection was lost, whenever the server goes away",
  async () => {
    const { url } = await createDatabaseWithEngine();
    const target = { url, project: await createProject(files) };
    const points = faultPoints(await messagesOf(["status"], target));
    const whole = await succeed(["status"], target);
    const last = points.findLast(({ direction }) => direction === "toClient");

    const cutAt = async ({ direction, number, type }: FaultPoint): Promise<void> => {
      const point = { direction, number, act: leave };
      const { exitCode, stdout } = await runWithFault(["status"], target, point);
      // Nothing is missing when the answers are there; the message that ends the last one says nothing more.
      const complete = type === "X" || (direction === "toClient" && number === last?.number);
      expect([exitCode, exitCode === 0 && stdout]).toEqual(
        complete && exitCode === 0 ? [0, whole.stdout] : [3, false],
      );
    };
    const lanes = Array.from({ length: 4 }, () => cutAt);
    expect(await failuresAt("status, server gone", someOf(points, 20), lanes)).toBe("");
  },
  patience,
);

test("new needs no server", async () => {
  const proxy = await startProtocolProxy(Number(new URL(inject("serverUrl")).port));
  const project = await createProject(files);
  const target = { url: urlOf({ port: proxy.port }), project };
  expect(await runCli(onTarget(["new", "a fifth one"], target))).toMatchObject({ exitCode: 0 });
  expect(proxy.connections()).toBe(0);
});
