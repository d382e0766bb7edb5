import { execFile } from "node:child_process";
import { appendFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { locatePlace } from "../../src/server/place.ts";
import { postgresMajor, postgresPrograms } from "./postgres-packages.ts";
import { createCluster, startPostgres, untilReady } from "./throwaway-server.ts";

/** Addresses of a server and of the standby that streams from it. */
export interface StreamingPair {
  readonly primary: string;
  readonly standby: string;
}

/**
 * Starts two servers of the version under test; they go when the test has finished. npm's packages have no
 * pg_basebackup: the standby begins with a copy of a cluster that has never run.
 */
export async function startStreamingPair(): Promise<StreamingPair> {
  const major = postgresMajor(process.env["TEST_POSTGRES"] ?? "18");
  const programs = await postgresPrograms(major, locatePlace(tmpdir()));
  const cluster = await createCluster(dirname(programs.initdb));
  const copy = `${cluster}-standby`;
  onTestFinished(async () => rm(copy, { recursive: true, force: true }));
  await promisify(execFile)("cp", ["-a", cluster, copy]);
  const port = await startPostgres(programs.postgres, cluster);
  const primary = addressOf(port);
  await untilReady(primary);
  await writeFile(join(copy, "standby.signal"), "");
  await appendFile(
    join(copy, "postgresql.auto.conf"),
    `primary_conninfo = 'host=127.0.0.1 port=${port} user=test'\n`,
  );
  const standby = addressOf(await startPostgres(programs.postgres, copy));
  await untilReady(standby);
  return { primary, standby };
}

function addressOf(port: number): string {
  return `postgresql://test@127.0.0.1:${port}/postgres`;
}
