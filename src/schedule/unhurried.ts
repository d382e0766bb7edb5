import type { Database } from "../db/database.ts";

/**
 * Makes a session in which a statement that has begun goes on to its end, and no other begins when the signal is
 * aborted: what is done in steps stops between two of them. What must not stop in the middle goes on.
 */
export function unhurried(database: Database, signal: AbortSignal): Database {
  return {
    query: async (...given) => {
      signal.throwIfAborted();
      return database.query(...given);
    },
    queryAll: async (text) => {
      signal.throwIfAborted();
      return database.queryAll(text);
    },
    queryToEnd: async (text) => database.queryToEnd(text),
    copyOut: (text) => {
      signal.throwIfAborted();
      return database.copyOut(text);
    },
    get processId() {
      return database.processId;
    },
    beside: async (theirs, run) =>
      database.beside(theirs === signal ? never : theirs, async (other) =>
        run(unhurried(other, signal)),
      ),
    onNotice: (listener) => database.onNotice(listener),
  };
}

/** The signal of a session in which nothing is cancelled. */
export const never = new AbortController().signal;
