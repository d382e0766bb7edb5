import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isRoot, systemAccount } from "../../src/server/account.ts";
import { findProgram } from "./requirements.ts";
import { freePort, untilReady } from "./throwaway-server.ts";

/** A PgBouncer in front of one database. */
export interface Pooler {
  /** The database's address by way of the pooler. */
  readonly url: string;
  /** Ends it, and with it its sessions on the server. */
  readonly stop: () => Promise<void>;
}

export interface PoolerOptions {
  readonly mode: "session" | "transaction" | "statement";
  /** How many sessions it may hold on the server. */
  readonly size: number;
}

/** Starts a PgBouncer on a free port that leads to the server of `url`; it ends with the test. */
export async function startPooler(url: string, options: PoolerOptions): Promise<Pooler> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "doramaflix-db-pooler-"));
  const file = join(folder, "pgbouncer.ini");
  const users = join(folder, "users.txt");
  const { username, password } = new URL(url);
  writeFileSync(users, `"${username}" "${password}"\n`);
  writeFileSync(file, configuration(url, { ...options, port, users }));
  // It refuses to run as root.
  const account = isRoot() ? systemAccount() : undefined;
  if (account !== undefined) {
    for (const path of [folder, file, users]) chownSync(path, account.uid, account.gid);
  }
  const program = findProgram("pgbouncer") ?? "pgbouncer";
  const child = spawn(program, ["--quiet", file], { ...account, cwd: "/", stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  const pooled = new URL(url);
  pooled.port = String(port);
  await untilReady(pooled.href);
  return { url: pooled.href, stop };
}

interface Settings extends PoolerOptions {
  readonly port: number;
  readonly users: string;
}

/** Everything that is not said here is as PgBouncer has it by default. */
function configuration(url: string, { mode, size, port, users }: Settings): string {
  const { hostname: host, port: serverPort } = new URL(url);
  return `[databases]
* = host=${host} port=${serverPort}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = ${mode}
default_pool_size = ${size}
`;
}
