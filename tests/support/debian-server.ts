import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { createCluster, startPostgres, untilReady } from "./throwaway-server.ts";

const programs = "/usr/lib/postgresql/15/bin";

/** Extensions that npm's servers do not have. */
const debianExtensions = ["hypopg", "pg_cron", "pg_partman", "plpgsql_check"] as const;

/** What must be there for these tests. */
export const debianFiles = [
  join(programs, "postgres"),
  ...debianExtensions.map((name) => `/usr/share/postgresql/15/extension/${name}.control`),
];

/**
 * Starts a server of Debian's package in a cluster of its own, with the modules loaded that are named; both go when the
 * test has finished.
 */
export async function startDebianServer({ preload = "" } = {}): Promise<string> {
  const cluster = await createCluster(programs);
  await appendFile(join(cluster, "postgresql.conf"), `shared_preload_libraries = '${preload}'\n`);
  const port = await startPostgres(join(programs, "postgres"), cluster);
  const url = `postgresql://test@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  return url;
}
