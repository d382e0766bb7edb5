import { mkdtemp, rm, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startServer, serverStatus, serverUrl, stopServer } from "../../src/server/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the server's superuser, with password, of a database that tests leave alone. */
    serverUrl: string;
  }
}

/** Starts one server for the whole run: the toolkit's own embedded one, in a project folder of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "doramaflix-db-tests-")));
  await startServer(folder);
  const { url } = serverUrl(folder);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  // Tests that need durable commits count or kill; none pulls the plug of the machine.
  await sql.unsafe("alter system set fsync = off");
  await sql.unsafe("alter system set max_connections = 200");
  await sql.unsafe("select pg_reload_conf()");
  await sql.end();
  project.provide("serverUrl", url);
  return async () => {
    const { dataDirectory } = await serverStatus(folder);
    await stopServer(folder);
    await rm(await realpath(dirname(dataDirectory)), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  };
}
