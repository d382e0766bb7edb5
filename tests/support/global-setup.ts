import { appendFile, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureCluster } from "../../src/server/cluster.ts";
import { launch } from "../../src/server/launch.ts";
import { locatePlace, preparePlace } from "../../src/server/place.ts";
import { serverUrl, stopServer } from "../../src/server/server.ts";
import { postgresMajor, postgresPrograms } from "./postgres-packages.ts";
import { prepareServer } from "./server.ts";

interface TestServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Each project of a run loads this file anew; here all of them find the one server. */
const run = globalThis as { testServer?: Promise<TestServer> };

/** Gives a project the server of the run; the project that comes first starts it, and stops it when all have ended. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const isFirst = run.testServer === undefined;
  run.testServer ??= startServer();
  const { url, stop } = await run.testServer;
  project.provide("serverUrl", url);
  return async () => {
    if (isFirst) await stop();
  };
}

/** Starts a server of the major version that TEST_POSTGRES names, 18 by default, as the toolkit starts its own. */
async function startServer(): Promise<TestServer> {
  const major = postgresMajor(process.env["TEST_POSTGRES"] ?? "18");
  const folder = await realpath(await mkdtemp(join(tmpdir(), "doramaflix-db-tests-")));
  const place = locatePlace(folder);
  const stop = async (): Promise<void> => {
    await stopServer(folder);
    await rm(dirname(place.dataDirectory), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    preparePlace(place);
    const programs = await postgresPrograms(major, place);
    await ensureCluster(place, programs, () => {});
    const settings = [
      // 200 databases with 100 statements each are in one test, and none may be evicted while another one looks.
      "pg_stat_statements.max = 50000",
      // Autovacuum starts a worker in each database in turn, several a second where there are hundreds.
      "autovacuum_naptime = 1h",
    ];
    await appendFile(join(place.dataDirectory, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
    await launch(place, programs);
    const { url } = serverUrl(folder);
    await prepareServer(url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
