import type { Style } from "./style.ts";

/**
 * Where a view writes: how wide a line may be, in columns, and how its words are styled. A file and a pipe have
 * infinite width, so that they get lines whole and can be searched.
 */
export interface Page {
  readonly width: number;
  /** How many lines there are, where what does not fit is cut off; otherwise there is no limit. */
  readonly height?: number;
  readonly style: Style;
}

/** Turns a Result into text that ends without a line break; never queries, never prints. */
export type View<Result> = (result: Result, page: Page) => string;

/** Work that goes on in steps; on a terminal the step in hand is one line that is redrawn in place. */
export interface Progress {
  begin(text: string): void;
  succeed(text: string): void;
  /** Says more of the step in hand; where every line stays, only from time to time. */
  update(text: string): void;
  /** Marks the step in hand as failed; why it did is the error's to say. */
  fail(): void;
}

/** Turns a Result into a document of another format, such as Markdown, that ends without a line break. */
export type DocumentView<Result> = (result: Result) => string;

/** Results of one kind, each of which takes the place of the one before. */
export interface Screens<Result> {
  show(result: Result): void;
  /** Says what keeps the next result from coming, until it comes. */
  delay(text: string): void;
  /** Aborted when nobody can read them any more. */
  readonly closed: AbortSignal;
  /** Gives the terminal back as it was. */
  end(): void;
}

/** All that a command can say. Results go to stdout, everything else to stderr. */
export interface Output {
  /** Writes the one result of a command: the view's text, or the result itself as one JSON document. */
  result<Result extends object>(result: Result, view: View<Result>): void;
  /** Writes one of the results that come as long as a command runs: on a terminal as text, otherwise as JSON in a line. */
  line<Result extends object>(result: Result, view: View<Result>): void;
  /** Writes the one result of a command as a document, as it is: no line of it is fitted to a terminal. */
  document<Result extends object>(result: Result, view: DocumentView<Result>): void;
  /**
   * Shows results one after the other: on a terminal in one place, and otherwise below each other, or as one JSON object
   * a line. `standing` says what goes on, and how it is ended.
   */
  screens<Result extends object>(view: View<Result>, standing: string): Promise<Screens<Result>>;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Writes to stderr what a command is about to do, as a view shows it. */
  preview<Plan extends object>(plan: Plan, view: View<Plan>): void;
  /**
   * Asks on a terminal whether to go on, unless `yes` says so already. Throws INTERRUPTED where the answer is not yes,
   * and USAGE where nobody can be asked.
   */
  confirm(question: string, options: { readonly yes: boolean }): Promise<void>;
  progress(): Promise<Progress>;
  error(error: unknown): Promise<void>;
}
