import { once } from "node:events";
import type { Readable } from "node:stream";
import type postgres from "postgres";

interface Cancelling {
  readonly signal: AbortSignal;
  readonly requestCancel: (statement: object) => void;
}

/** How long the server may take to cancel it, in milliseconds; one that cannot be reached never does. */
const patience = 2000;

/** Starts a statement COPY ... TO STDOUT and returns what the server sends; leaves the session fit for the next one. */
export async function* copyOut(
  statement: postgres.PendingQuery<object[]>,
  { signal, requestCancel }: Cancelling,
): AsyncGenerator<Buffer> {
  const stream = await begin(statement);
  const ended = once(stream, "close").catch(() => {});
  const cancel = (): void => {
    // Once its stream has begun, the driver takes the statement for one that has ended.
    requestCancel(Object.assign(statement, { active: true }));
    setTimeout(() => stream.destroy(), patience).unref();
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    signal.removeEventListener("abort", cancel);
    if (!stream.readableEnded && !stream.destroyed) {
      cancel();
      // What is still on its way would be taken for the answer to the next statement.
      stream.resume();
      await ended;
    }
    // The driver stops reading from the socket while the stream is full, and would not begin again after its end.
    // oxlint-disable-next-line no-underscore-dangle
    stream._read(0);
  }
}

/**
 * The server may report an error together with the first rows. The driver then ends the stream before anybody who
 * awaits it can listen, and Node ends a process with an error that nobody listens to.
 */
async function begin(statement: postgres.PendingQuery<object[]>): Promise<Readable> {
  const inner = statement as unknown as { resolve: (stream: Readable) => void };
  const resolve = inner.resolve;
  inner.resolve = (stream) => {
    inner.resolve = resolve;
    stream.on("error", () => {});
    resolve(stream);
  };
  return statement.readable();
}
