import postgres from "postgres";
import { vi } from "vitest";
import { untilReady } from "./throwaway-server.ts";

const patience = { timeout: 30_000, interval: 5 };

/**
 * Waits until a command's session of a database is inside a statement, and returns its process. `name` is its
 * application_name, or a pattern for LIKE.
 */
export async function untilActive(
  observer: postgres.Sql,
  database: string,
  name = "doramaflix-db%",
): Promise<number> {
  return vi.waitUntil(async () => {
    const [row] = await observer<{ pid: number }[]>`
      select pid from pg_stat_activity
      where datname = ${database} and application_name like ${name} and state = 'active'`;
    return row?.pid;
  }, patience);
}

/** Waits until some session waits for a lock that process `holder` has, and returns the one that does. */
export async function untilBlocked(observer: postgres.Sql, holder: number): Promise<number> {
  return vi.waitUntil(async () => {
    const [row] = await observer<{ pid: number }[]>`
      select pid from pg_stat_activity where ${holder} = any (pg_blocking_pids(pid))`;
    return row?.pid;
  }, patience);
}

/** Ends a session as an administrator would, and waits until its process has gone. */
export async function terminateBackend(observer: postgres.Sql, pid: number): Promise<void> {
  await observer`select pg_terminate_backend(${pid})`;
  await vi.waitUntil(async () => {
    const rows = await observer`select from pg_stat_activity where pid = ${pid}`;
    return rows.length === 0;
  }, patience);
}

/**
 * Kills a session's process without warning. The server then ends all other sessions too and recovers, for which this
 * waits: only for a server of the test's own.
 */
export async function killBackend(url: string, pid: number): Promise<void> {
  let isOpen = true;
  const witness = postgres(url, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => (isOpen = false),
  });
  await witness`select 1`;
  process.kill(pid, "SIGKILL");
  await vi.waitUntil(() => !isOpen, patience);
  await witness.end({ timeout: 1 });
  await untilReady(url);
}
