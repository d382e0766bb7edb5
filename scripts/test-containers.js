// Runs the tests that need a container engine, and looks whether they left a container behind. Where there is no engine
// it says so and succeeds, unless TEST_REQUIRE, a list with commas, names "containers". Further arguments are vitest's.
import "./require-node.js";
import { randomUUID } from "node:crypto";
import { getContainerRuntimeClient } from "testcontainers";
import { run } from "./lib/run.js";

/** Returns the client of the engine, or why there is none. */
async function findEngine() {
  try {
    return { engine: await getContainerRuntimeClient() };
  } catch {
    const { DOCKER_HOST: address } = process.env;
    return {
      reason: address === undefined ? "no engine was found" : `no engine answers at ${address}`,
    };
  }
}

/** Runs the tests; returns the exit code. */
async function runTests(engine) {
  const runId = randomUUID();
  const env = { ...process.env, TEST_CONTAINERS_RUN: runId };
  const args = ["--no-install", "vitest", "run", "--project", "containers"];
  const { exitCode } = await run("npx", [...args, ...process.argv.slice(2)], { show: true, env });
  const filters = { label: [`doramaflix-db.test-run=${runId}`] };
  const left = await engine.container.dockerode.listContainers({ all: true, filters });
  for (const { Id: id, State: state } of left) {
    console.log(`containers: container ${id.slice(0, 12)} was left behind, ${state}`);
    await engine.container.getById(id).remove({ force: true, v: true });
  }
  return left.length > 0 ? 1 : exitCode;
}

const { engine, reason } = await findEngine();
const required = (process.env.TEST_REQUIRE ?? "").split(",").includes("containers");
if (engine === undefined) {
  console.log(`containers: ${required ? "FAILED" : "SKIPPED"} (${reason})`);
  process.exitCode = required ? 1 : 0;
} else {
  process.exitCode = await runTests(engine);
}
