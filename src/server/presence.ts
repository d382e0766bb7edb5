import { setTimeout as sleep } from "node:timers/promises";

import type { ServerConnection } from "../config/schema.ts";
import { openSession, type Session } from "./session.ts";

/**
 * A session that every command holds beside its own while it uses the embedded server. The sessions
 * agree through an advisory lock who of them stops the server, so that none stops it under another
 * that has just come:
 *
 * - While a command runs, its presence holds the lock in shared mode.
 * - A command that ends gives that up and tries for the exclusive lock. If it does not get it,
 *   another command is at work, and will be in the same position later. If it does, nobody is at
 *   work, and whoever comes now waits for the lock until the decision is made.
 */
export interface Presence {
  end(): Promise<void>;
  /** Ends the presence; calls `stop` before, if this is the last one and no other client is connected. */
  endAndStop(stop: () => Promise<void>): Promise<void>;
}

/** Lives in the database "postgres": a session in the other one would keep it from being dropped or copied. */
const presenceDatabase = "postgres";
const applicationName = "doramaflix-db presence";
const lockKey = "hashtextextended('doramaflix-db embedded server', 0)";

/**
 * How long, in milliseconds, a session may need to vanish from pg_stat_activity after its client
 * closed it. Generous, for whoever gives up early leaves the server running.
 */
const settleTime = 300;

/** A user's idle_session_timeout must not end the presence; nobody holds the lock exclusively for nearly a minute. */
const enterStatements = `
  set application_name = '${applicationName}';
  set idle_session_timeout = 0;
  set lock_timeout = '60s';
  select pg_advisory_lock_shared(${lockKey})`;

/** Connects, and waits while another command decides whether the server stops. */
export async function enter(connection: ServerConnection): Promise<Presence> {
  const session = await openSession({ ...connection, database: presenceDatabase });
  try {
    await session.database.query(enterStatements);
  } catch (error) {
    await session.close();
    throw error;
  }
  return { end: () => session.close(), endAndStop: (stop) => endAndStop(session, stop) };
}

async function endAndStop(session: Session, stop: () => Promise<void>): Promise<void> {
  try {
    if ((await isLast(session)) && !(await othersConnected(session))) await stop();
  } finally {
    await session.close();
  }
}

async function isLast({ database }: Session): Promise<boolean> {
  const [row] = (await database.query(
    `select pg_advisory_unlock_shared(${lockKey}), pg_try_advisory_lock(${lockKey}) as last`,
  )) as readonly { readonly last: boolean }[];
  return row?.last === true;
}

/** Counts clients only; other presences say all they have to say through the lock. */
const census = `
  select
    (select count(*)::int from pg_stat_activity
      where backend_type = 'client backend'
        and pid <> pg_backend_pid()
        and application_name <> '${applicationName}') as clients,
    exists (select from pg_locks where locktype = 'advisory' and not granted) as awaited`;

interface Census {
  readonly clients: number;
  /** Whether a command waits for the lock, and so for the decision. */
  readonly awaited: boolean;
}

async function othersConnected({ database }: Session): Promise<boolean> {
  const deadline = performance.now() + settleTime;
  for (;;) {
    const [row] = (await database.query(census)) as readonly Census[];
    if (row === undefined || row.awaited) return true;
    if (row.clients === 0) return false;
    if (performance.now() > deadline) return true;
    await sleep(10);
  }
}
