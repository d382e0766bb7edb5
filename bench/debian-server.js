import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

const programs = "/usr/lib/postgresql/15/bin";

/** True where Debian's server is installed, and pg_partman for it. */
export const hasDebianServer =
  existsSync(join(programs, "postgres")) &&
  existsSync("/usr/share/postgresql/15/extension/pg_partman.control");

/** Starts a durable server of Debian's package on data of its own; returns its address and what ends it. */
export async function startDebianServer() {
  const folder = mkdtempSync(join(tmpdir(), "doramaflix-db-bench-"));
  const account = process.getuid() === 0 ? postgresAccount() : {};
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  const options = { ...account, cwd: "/", stdio: "ignore" };
  const data = join(folder, "data");
  spawnSync(join(programs, "initdb"), ["-D", data, "-U", "bench", "-A", "trust"], options);
  const port = await freePort();
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"],
    options,
  );
  const url = `postgresql://bench@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  return {
    url,
    stop: async () => {
      server.kill("SIGINT");
      await once(server, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postgresAccount() {
  return { uid: numberOf("-u"), gid: numberOf("-g") };
}

function numberOf(option) {
  return Number(spawnSync("id", [option, "postgres"], { encoding: "utf8" }).stdout);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

async function untilReady(url) {
  for (;;) {
    const sql = postgres(url, { max: 1, connect_timeout: 1, onnotice: () => {} });
    try {
      await sql`select 1`;
      return;
    } catch {
      await sleep(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}
