import type { ServerConnection } from "../config/schema.ts";
import type { Database } from "../db/database.ts";

/** A session that outlives the function that opened it. */
export interface Session {
  readonly database: Database;
  close(): Promise<void>;
}

/** Opens a session on the embedded server; the server is met at the first query. */
export async function openSession(connection: ServerConnection): Promise<Session> {
  // Loaded here, because "server status" needs no driver.
  const { withSession } = await import("../db/session.ts");
  return new Promise((resolve, reject) => {
    const whole = withSession(connection, {}, (database) => {
      return new Promise<void>((finish) => {
        const close = (): Promise<void> => {
          finish();
          return whole;
        };
        resolve({ database, close });
      });
    });
    whole.catch(reject);
  });
}
