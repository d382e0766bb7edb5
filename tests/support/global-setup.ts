import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { ensureCluster } from "../../src/server/cluster.ts";
import { launch } from "../../src/server/launch.ts";
import { locatePlace, preparePlace } from "../../src/server/place.ts";
import { serverUrl, stopServer } from "../../src/server/server.ts";
import { postgresMajor, postgresPrograms } from "./postgres-packages.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the server's superuser, with password, of a database that tests leave alone. */
    serverUrl: string;
  }
}

/**
 * Starts one server for the whole run, of the major version that TEST_POSTGRES names (18 by default), in a folder of
 * its own as the toolkit's embedded server.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const major = postgresMajor(process.env["TEST_POSTGRES"] ?? "18");
  const folder = await realpath(await mkdtemp(join(tmpdir(), "doramaflix-db-tests-")));
  const place = locatePlace(folder);
  preparePlace(place);
  const programs = await postgresPrograms(major, place);
  await ensureCluster(place, programs, () => {});
  await launch(place, programs);
  const { url } = serverUrl(folder);
  await configure(url);
  project.provide("serverUrl", url);
  return async () => {
    await stopServer(folder);
    await rm(dirname(place.dataDirectory), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  };
}

/** Tests that need durable commits count flushes or kill; none pulls the plug of the machine. */
async function configure(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe("alter system set fsync = off");
  await sql.unsafe("select pg_reload_conf()");
  await sql.end();
}
