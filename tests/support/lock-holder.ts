import postgres from "postgres";

/** A session that holds a lock in an open transaction. */
export interface LockHolder {
  readonly pid: number;
  /** Ends the session, and with it the transaction. */
  release(): Promise<void>;
}

/** Opens a session and runs a statement that takes a lock, such as `lock table t`; the lock is held when this returns. */
export async function holdLock(url: string, statement: string): Promise<LockHolder> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await sql.unsafe("begin");
  await sql.unsafe(statement);
  return { pid: row?.pid ?? 0, release: async () => sql.end({ timeout: 1 }) };
}
