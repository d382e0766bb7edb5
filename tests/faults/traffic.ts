import { withSession } from "./site.ts";

/** Tables whose indexes and partitions the project changes while the sessions go on. */
const tables = ["public.book", "public.visit", "shelf.place"];

/**
 * Works on the tables of the project while `use` runs, one short transaction after the other, as the sessions of an
 * application do: whatever waits for transactions to end, as CREATE INDEX CONCURRENTLY does several times, then waits.
 */
export async function withTraffic<Result>(
  url: string,
  use: () => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController();
  const work = async (table: string): Promise<void> => {
    const transaction = `begin; lock table ${table} in row exclusive mode; select pg_sleep(0.05); commit`;
    while (!ending.signal.aborted) {
      await withSession(url, async (sql) => {
        // Before the table is there, and when the server has ended the session, the next attempt follows.
        while (!ending.signal.aborted) await sql.unsafe(transaction);
      }).catch(() => {});
    }
  };
  const sessions = tables.map(work);
  try {
    return await use();
  } finally {
    ending.abort();
    await Promise.all(sessions);
  }
}
