/** A NOTICE or WARNING of the server. */
export interface Notice {
  readonly severity: string;
  readonly sqlState: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}

/** Values that reach the server as its own types; objects and arrays go as JSON. */
export type Parameter = string | number | boolean | null | object;

/** One session of the server; it is never replaced by another one behind the caller's back. */
export interface Database {
  /**
   * Runs one statement and returns its rows. Without parameters the text may hold several statements, which then form
   * one transaction unless they say otherwise; the rows are those of the last. Statements given without waiting in
   * between are sent together, in one round trip as far as they have no parameters.
   */
  query(text: string, parameters?: readonly Parameter[]): Promise<readonly object[]>;
  /** Runs several statements, which form one transaction, and returns the rows of each. */
  queryAll(text: string): Promise<readonly (readonly object[])[]>;
  /**
   * Runs statements as query() does, which the user's interruption does not cancel, for what must not stop in the middle;
   * also after one.
   */
  queryToEnd(text: string): Promise<readonly object[]>;
  /**
   * Runs COPY ... TO STDOUT and returns what the server sends, piece by piece and no faster than it is taken. Whoever
   * stops before the end cancels the statement.
   */
  copyOut(text: string): AsyncIterable<Buffer>;
  /** The process that serves the session as the server named it at the login; undefined before the first answer. */
  readonly processId: number | undefined;
  /** Opens a second session on the same server, gives it to `run`, and closes it whatever happens. */
  beside<Result>(
    signal: AbortSignal,
    run: (database: Database) => Promise<Result>,
  ): Promise<Result>;
  /** Calls `listener` for each notice from now on; returns the function that ends it. */
  onNotice(listener: (notice: Notice) => void): () => void;
}
