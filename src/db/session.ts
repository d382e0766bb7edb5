import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import type { ServerConnection } from "../config/schema.ts";
import { CliError } from "../core/errors.ts";
import { connectionError } from "./connection-error.ts";
import { copyOut } from "./copy-out.ts";
import type { Database, Notice, Parameter } from "./database.ts";
import { driverOptions } from "./driver-options.ts";
import { ServerError } from "./server-error.ts";

interface SessionOptions {
  /** When aborted, the running statement is cancelled on the server. */
  readonly signal?: AbortSignal | undefined;
}

/** Opens one session, gives it to `run`, and closes it whatever happens. The server is met at the first query. */
export async function withSession<Result>(
  connection: ServerConnection,
  { signal = new AbortController().signal }: SessionOptions,
  run: (database: Database) => Promise<Result>,
): Promise<Result> {
  const session = new Session(connection, signal);
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}

/** How long a server may take to cancel a statement, in milliseconds; one that cannot be reached never does. */
const cancelPatience = 2000;

type Driver = postgres.Sql<{ bigint: number; date: string }>;

class Session implements Database {
  readonly #connection: ServerConnection;
  readonly #signal: AbortSignal;
  readonly #driver: Driver;
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  #state: "opening" | "open" | "lost" = "opening";
  /** A request to cancel that may be under way. */
  #cancelling: Promise<unknown> | undefined;
  #processId: number | undefined;

  constructor(connection: ServerConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
    this.#driver = postgres({
      ...driverOptions(connection),
      onnotice: (notice) => {
        this.#publish(notice);
      },
      // The first parameter status arrives when the server has accepted us.
      onparameter: () => {
        this.#state = "open";
      },
      // The driver would open a new session for the next query: without our lock, settings and temporary tables.
      onclose: () => {
        this.#state = this.#state === "opening" ? "opening" : "lost";
      },
    });
  }

  async query(text: string, parameters: readonly Parameter[] = []): Promise<readonly object[]> {
    return (await this.#send(text, parameters)).at(-1) ?? [];
  }

  async queryAll(text: string): Promise<readonly (readonly object[])[]> {
    return this.#send(text, []);
  }

  async queryToEnd(text: string): Promise<readonly object[]> {
    await this.#settled();
    try {
      return resultsOf(await this.#driver.unsafe(text)).at(-1) ?? [];
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async *copyOut(text: string): AsyncGenerator<Buffer> {
    await this.#settled();
    this.#signal.throwIfAborted();
    const requestCancel = this.#requestCancel.bind(this);
    try {
      yield* copyOut(this.#driver.unsafe(text), { signal: this.#signal, requestCancel });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#explain(error);
    }
  }

  async #send(
    text: string,
    parameters: readonly Parameter[],
  ): Promise<readonly (readonly object[])[]> {
    await this.#settled();
    this.#signal.throwIfAborted();
    const statement = this.#driver.unsafe(text, [...parameters] as never[]);
    const over = new AbortController();
    try {
      const answered =
        this.#state === "opening" ? this.#withinConnectTimeout(statement) : statement;
      const results = resultsOf(
        await Promise.race([answered, this.#abandoned(statement, over.signal)]),
      );
      this.#processId ??= results.at(-1)?.state.pid;
      return results;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw this.#explain(error);
    } finally {
      over.abort();
    }
  }

  /** Fails if there is no session any more; before that, waits for a request to cancel, which would hit what is sent now. */
  async #settled(): Promise<void> {
    await this.#cancelling;
    if (this.#state === "lost") throw this.#lost();
  }

  /** Cancels a statement when the user interrupts, and fails if the server has no answer to that either. */
  async #abandoned(statement: object, over: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const cancel = (): void => {
        this.#requestCancel(statement);
        setTimeout(reject, cancelPatience, this.#signal.reason).unref();
      };
      this.#signal.addEventListener("abort", cancel, { once: true, signal: over });
    });
  }

  /**
   * Asks the server to cancel a statement. The driver's own cancel() drops the promise of the request, and where it fails,
   * because the server takes no more connections, Node would end the process.
   */
  #requestCancel(statement: object): void {
    const { canceller } = statement as {
      readonly canceller?: (statement: object) => Promise<unknown>;
    };
    const requested = canceller?.(statement).catch(() => {});
    this.#cancelling = Promise.race([requested, sleep(cancelPatience, undefined, { ref: false })]);
  }

  get processId(): number | undefined {
    return this.#processId;
  }

  async beside<Result>(
    signal: AbortSignal,
    run: (database: Database) => Promise<Result>,
  ): Promise<Result> {
    return withSession(this.#connection, { signal }, run);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => this.#noticeListeners.delete(listener);
  }

  async close(): Promise<void> {
    // Without a connection there is no answer to wait for.
    await this.#driver.end({ timeout: this.#state === "open" ? 1 : 0 });
  }

  /** The driver's own limit is for one attempt: a server that accepts and closes at once would be tried for ever. */
  async #withinConnectTimeout<Rows>(statement: PromiseLike<Rows>): Promise<Rows> {
    const { connectTimeout, hosts } = this.#connection;
    if (connectTimeout === 0) return statement;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      const expire = (): void => {
        if (this.#state === "opening")
          reject(Object.assign(new Error(), { code: "CONNECT_TIMEOUT" }));
      };
      timer = setTimeout(expire, connectTimeout * hosts.length * 1000 + 250);
    });
    return Promise.race([statement, timeout]).finally(() => {
      clearTimeout(timer);
    });
  }

  #publish(notice: postgres.Notice): void {
    for (const listener of this.#noticeListeners) {
      listener({
        severity: notice["severity"] ?? "NOTICE",
        sqlState: notice["code"] ?? "00000",
        message: notice["message"] ?? "",
        detail: notice["detail"],
        hint: notice["hint"],
      });
    }
  }

  #explain(error: unknown): unknown {
    if (this.#state === "opening") return connectionError(error, this.#connection);
    if (error instanceof postgres.PostgresError && !endsSession(error))
      return new ServerError(error);
    if (this.#state === "lost" || error instanceof Error) return this.#lost(error);
    return error;
  }

  #lost(cause?: unknown): CliError {
    return new CliError("CONNECTION_LOST", {
      message: "The connection to the server was lost.",
      detail: cause instanceof Error ? cause.message : undefined,
      hint: "Run the command again: what was committed is recorded, and what was not has left nothing behind.",
      cause,
    });
  }
}

/** For several statements the driver returns a plain array of results. */
function resultsOf<Result extends object>(answer: Result): readonly Result[] {
  return "command" in answer ? [answer] : (answer as unknown as readonly Result[]);
}

/** True for the errors after which the server closes the session: class 57P, and a missing reply. */
function endsSession(error: postgres.PostgresError): boolean {
  return error.severity === "FATAL" || error.severity === "PANIC";
}
