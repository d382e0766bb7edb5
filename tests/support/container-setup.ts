import type { TestProject } from "vitest/node";
import { startContainer } from "./container-server.ts";
import { prepareServer } from "./server.ts";

/** Starts one server for the whole run, in a container. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const container = await startContainer();
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  const url = container.getConnectionUri();
  try {
    await prepareServer(url);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("serverUrl", url);
  return stop;
}
