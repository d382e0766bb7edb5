import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { onTestFinished } from "vitest";
import { systemAccount, type Account } from "../../src/server/account.ts";
import { locatePlace } from "../../src/server/place.ts";
import { postgresMajor, postgresPrograms } from "./postgres-packages.ts";

const run = promisify(execFile);

/** PostgreSQL does not run as root. */
const account: Partial<Account> = process.getuid?.() === 0 ? systemAccount() : {};

/** A server that a test may do anything to, with the superuser "test" and without passwords. */
export interface ThrowawayServer {
  readonly port: number;
  /** Address of a database that is always there. */
  readonly url: string;
  /** Ends the server as a crash would: sessions are cut, and the next start recovers from the write-ahead log. */
  shutDownImmediately(): Promise<void>;
  /** Ends the server as an administrator would, who cuts sessions and lets it write what it has. */
  shutDown(): Promise<void>;
  /** Starts it again on the same port and waits until it has recovered. */
  start(): Promise<void>;
}

/** Creates and starts a server of the version under test; it goes when the test has finished. */
export async function startThrowawayServer(): Promise<ThrowawayServer> {
  const major = postgresMajor(process.env["TEST_POSTGRES"] ?? "18");
  const programs = await postgresPrograms(major, locatePlace(tmpdir()));
  const cluster = await createCluster(dirname(programs.initdb));
  const port = await freePort();
  const url = `postgresql://test@127.0.0.1:${port}/postgres`;
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = await spawnPostgres(programs.postgres, cluster, port);
    await untilReady(url);
  };
  await start();
  return {
    port,
    url,
    start,
    shutDownImmediately: async () => end(child),
    shutDown: async () => end(child, "SIGINT"),
  };
}

/** Starts a server on data that nobody else uses, as the owner of that data; it is killed when the test has finished. */
export async function startPostgres(program: string, dataDirectory: string): Promise<number> {
  const port = await freePort();
  await spawnPostgres(program, dataDirectory, port);
  return port;
}

async function spawnPostgres(
  program: string,
  dataDirectory: string,
  port: number,
): Promise<ChildProcess> {
  const { uid, gid } = await stat(dataDirectory);
  // Tests kill processes; none pulls the plug of the machine.
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
  const options = settings.flatMap((setting) => ["-c", setting]);
  const child = spawn(program, ["-D", dataDirectory, "-p", String(port), ...options], {
    ...(account.uid !== undefined && { uid, gid }),
    cwd: "/",
    stdio: "ignore",
  });
  onTestFinished(async () => {
    await end(child);
  });
  return child;
}

async function end(child: ChildProcess, how: "SIGINT" | "SIGQUIT" = "SIGQUIT"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(how);
  await once(child, "exit");
}

/** Waits until a server answers, for at most 30 seconds. */
export async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const sql = postgres(url, { max: 1, fetch_types: false, connect_timeout: 1 });
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

/** Makes a cluster with the programs of a folder, its superuser "test", without passwords; goes when the test has finished. */
export async function createCluster(programs: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "doramaflix-db-cluster-"));
  onTestFinished(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  await chmod(folder, 0o700);
  const { uid, gid } = account;
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  const options = ["--auth=trust", "--username=test", "--encoding=UTF8", "--locale=C"];
  await run(join(programs, "initdb"), ["-D", folder, "--no-sync", ...options], {
    ...account,
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
  });
  return folder;
}

/** Returns a port on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
