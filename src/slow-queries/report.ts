import { adviceOn } from "./advice.ts";
import { figuresOf } from "./figures.ts";
import { keyOf, type HiddenStatements, type Statement, type Window } from "./reading.ts";
import type { sorts, StatementReport, StatementsReport, Sum, WindowReport } from "./results.ts";
import type { Kind, KnownText } from "./texts.ts";

/** Which statements are shown, and in which order. */
export interface Choice {
  readonly sort: (typeof sorts)[number];
  /** Only those whose calls take as long on average, in milliseconds. */
  readonly minMean: number;
  readonly limit: number;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/** Keeps what is of the chosen database and role. */
export function chosen<Owned extends Pick<Statement, "user" | "database">>(
  all: readonly Owned[],
  { database, user }: Pick<Choice, "database" | "user">,
): readonly Owned[] {
  return all.filter(
    (each) =>
      (database === undefined || each.database === database) &&
      (user === undefined || each.user === user),
  );
}

/** Leaves out of a window what is not of the chosen database and role. */
export function narrowed(window: Window, choice: Pick<Choice, "database" | "user">): Window {
  return {
    ...window,
    statements: chosen(window.statements, choice),
    hidden: chosen(window.hidden, choice),
  };
}

/** Sorts statements, the worst first; which of them are ordinary is not known here. */
export function ranked(
  statements: readonly Statement[],
  { sort, minMean }: Pick<Choice, "sort" | "minMean">,
): readonly Statement[] {
  const weight = weights[sort](statements);
  return statements
    .filter((statement) => meanOf(statement) >= minMean)
    .toSorted(
      (one, other) =>
        weight(other) - weight(one) ||
        other.execTime - one.execTime ||
        (keyOf(one) < keyOf(other) ? -1 : 1),
    );
}

type Weight = (statement: Statement) => number;

const weights: Readonly<Record<Choice["sort"], (statements: readonly Statement[]) => Weight>> = {
  total: () => (statement) => statement.execTime,
  mean: () => meanOf,
  calls: () => (statement) => statement.calls,
  rows: () => (statement) => statement.rows,
  // Without track_io_timing there are no times.
  io: (statements) => (statements.some((each) => ioTime(each) > 0) ? ioTime : blocksMoved),
  temp: () => (statement) => (statement.tempRead ?? 0) + (statement.tempWritten ?? 0),
  wal: () => (statement) => statement.walBytes ?? 0,
  planning: () => (statement) => statement.planTime ?? 0,
};

function meanOf({ calls, execTime }: Statement): number {
  return calls > 0 ? execTime / calls : 0;
}

function ioTime({ readTime, writeTime }: Statement): number {
  return (readTime ?? 0) + (writeTime ?? 0);
}

function blocksMoved(statement: Statement): number {
  const { sharedRead, sharedWritten, localRead, localWritten, tempRead, tempWritten } = statement;
  return [sharedRead, sharedWritten, localRead, localWritten, tempRead, tempWritten].reduce<number>(
    (sum, each) => sum + (each ?? 0),
    0,
  );
}

/** Takes the first ordinary statements. */
export function listed(
  rankedStatements: readonly Statement[],
  texts: ReadonlyMap<string, KnownText>,
  limit: number,
): readonly Statement[] {
  return rankedStatements.filter((each) => kindIn(texts, each) === "ordinary").slice(0, limit);
}

/** Says what a statement is, as far as it is known: most are ordinary. */
export function kindIn(texts: ReadonlyMap<string, KnownText>, statement: Statement): Kind {
  return texts.get(keyOf(statement))?.kind ?? "ordinary";
}

interface Parts {
  readonly window: Window;
  readonly shown: readonly Statement[];
  readonly texts: ReadonlyMap<string, KnownText>;
  readonly wasInterrupted: boolean;
  readonly blockSize: number;
}

/** Puts a report together from a window that has been narrowed. */
export function reportOn(parts: Parts, { sort }: Pick<Choice, "sort">): StatementsReport {
  const { window, shown, texts, wasInterrupted, blockSize } = parts;
  const hidden = hiddenSum(window.hidden);
  const ofKind = (kind: Kind): Sum =>
    sumOfTopLevel(window.statements.filter((each) => kindIn(texts, each) === kind));
  const total = totalOf(window);
  return {
    ...windowReport(window, wasInterrupted),
    sort,
    total,
    utility: ofKind("utility"),
    own: ofKind("own"),
    hidden,
    statements: shown.map((statement) =>
      statementReport(statement, {
        total: total.execTime,
        blockSize,
        query: texts.get(keyOf(statement))?.text ?? null,
      }),
    ),
  };
}

export function windowReport(window: Window, wasInterrupted: boolean): WindowReport {
  const { from, to, source, snapshot, entries, maxEntries, evictions } = window;
  return { from, to, source, snapshot, wasInterrupted, entries, maxEntries, evictions };
}

/** All that was executed; what a function ran is in the time of the statement that called it. */
export function totalOf({ statements, hidden }: Window): Sum {
  const seen = sumOfTopLevel(statements);
  const unseen = hiddenSum(hidden);
  return {
    statements: seen.statements + unseen.statements,
    calls: seen.calls + unseen.calls,
    execTime: seen.execTime + unseen.execTime,
  };
}

function sumOfTopLevel(statements: readonly Statement[]): Sum {
  const topLevel = statements.filter(({ isTopLevel }) => isTopLevel);
  return {
    statements: topLevel.length,
    calls: topLevel.reduce((sum, { calls }) => sum + calls, 0),
    execTime: topLevel.reduce((sum, { execTime }) => sum + execTime, 0),
  };
}

export function hiddenSum(hidden: readonly HiddenStatements[]): Sum {
  return {
    statements: hidden.reduce((sum, { statements }) => sum + statements, 0),
    calls: hidden.reduce((sum, { calls }) => sum + calls, 0),
    execTime: hidden.reduce((sum, { execTime }) => sum + execTime, 0),
  };
}

/** Says of a statement what is shown of it. */
export function statementReport(
  statement: Statement,
  more: { readonly total: number; readonly blockSize: number; readonly query: string | null },
): StatementReport {
  const { queryId, user, database, isTopLevel, since } = statement;
  const figures = figuresOf(statement, more);
  return {
    queryId,
    user,
    database,
    isTopLevel,
    since: since === null ? null : new Date(since).toISOString(),
    query: more.query,
    ...figures,
    advice: adviceOn(figures),
    explanation: null,
  };
}
