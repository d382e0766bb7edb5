import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { adviceOn } from "./advice.ts";
import { explainStatement } from "./explain/explain.ts";
import { figuresOf, sumOf } from "./figures.ts";
import { notesOn, notesOnSessions } from "./notes.ts";
import { observe, type Observation } from "./observe.ts";
import { compare } from "./comparison.ts";
import { readIntervals } from "./intervals.ts";
import type { Moment } from "./moment.ts";
import { explainProblem, statisticsMissing } from "./problem.ts";
import { keyOf, type Statement, type Window } from "./reading.ts";
import {
  listed,
  narrowed,
  ranked,
  reportOn,
  statementReport,
  totalOf,
  windowReport,
  type Choice,
} from "./report.ts";
import type {
  SlowQueriesResult,
  SlowQueryResult,
  StatementReport,
  StatementsReport,
} from "./results.ts";
import type { Server } from "./rows.ts";
import { runningSessions } from "./running.ts";
import { areWhole, readServerTexts, readStoredTexts, readTexts, type KnownText } from "./texts.ts";

export interface Options extends Choice {
  /** Milliseconds. */
  readonly sample?: number | undefined;
  /** From which stored snapshot on. */
  readonly since?: Moment | undefined;
  /** With what the time since then is compared. */
  readonly compare?: Moment | undefined;
  /** Whether to show the plans of the statements. */
  readonly explain?: boolean | undefined;
  /** Does what else is to be done, while the server reads the texts. */
  readonly meanwhile: () => Promise<unknown>;
}

/**
 * Shows what runs now, and the statements that cost most: since the statistics were reset, or in the time of a sample.
 * Changes nothing and, without `explain`, takes no lock. Throws STATISTICS_MISSING for a sample where there are no
 * statistics.
 */
export async function slowQueries(context: Context, options: Options): Promise<SlowQueriesResult> {
  return observe(context, options, async (observation) => resultOf(observation, options));
}

/** Puts together what is shown of an observation. */
export async function resultOf(
  observation: Observation,
  options: Options,
): Promise<SlowQueriesResult> {
  const { server, sessions, window: whole, takenAt } = observation;
  const base = { ...target(server, takenAt), running: runningSessions(sessions, options) };
  if (typeof whole === "string") {
    const notes = [explainProblem(whole, server), ...notesOnSessions(sessions, server, false)];
    return { ...base, statements: null, comparison: null, timeline: [], notes };
  }
  const window = narrowed(whole, options);
  const read = await readReport(observation, window, options);
  const statements = options.explain === true ? await withPlans(observation, read) : read;
  const looked = await lookBack(observation, window, options);
  const notes = [...notesOn(window, server, options), ...looked.notes];
  const isGranted = notes.some(({ name }) => name === "hidden_statements");
  return {
    ...base,
    statements,
    comparison: looked.comparison,
    timeline: looked.timeline,
    notes: [...notes, ...notesOnSessions(sessions, server, isGranted)],
  };
}

/** Reads what the snapshots tell beyond the window. */
async function lookBack(
  { database, server }: Observation,
  window: Window,
  options: Options,
): Promise<Pick<SlowQueriesResult, "comparison" | "timeline" | "notes">> {
  const { compare: moment, database: name, user } = options;
  if (window.snapshot === null) return { comparison: null, timeline: [], notes: [] };
  const choice = { since: window.snapshot.id, database: name, user };
  const timeline = await readIntervals(database, server, choice);
  if (moment === undefined) return { comparison: null, timeline, notes: [] };
  return {
    timeline,
    ...(await compare(database, server, { moment, later: window, choice: options })),
  };
}

/** Beyond those that are shown, there may be statements among the first that are not ordinary. */
const spare = 20;

async function readReport(
  { database, server, wasInterrupted }: Observation,
  window: Window,
  { meanwhile, ...choice }: Options,
): Promise<StatementsReport> {
  const inOrder = ranked(window.statements, choice);
  const [read] = await Promise.all([
    readListed({ database, server }, inOrder, choice.limit),
    meanwhile(),
  ]);
  return reportOn({ ...read, window, wasInterrupted, blockSize: server.block_size }, choice);
}

interface Listed {
  readonly shown: readonly Statement[];
  readonly texts: ReadonlyMap<string, KnownText>;
}

/**
 * Finds the first ordinary statements, and their texts: among what is stored, if all of them are there; a statement that
 * is too new to be stored and is not among them costs nothing. Otherwise among all texts that the server has.
 */
async function readListed(
  { database, server }: Pick<Observation, "database" | "server">,
  inOrder: readonly Statement[],
  limit: number,
): Promise<Listed> {
  const readFrom = async (
    read: (wanted: readonly Statement[]) => Promise<ReadonlyMap<string, KnownText>>,
  ): Promise<Listed> => {
    const ahead = new Set(inOrder.slice(0, limit + spare));
    const texts = await read([...ahead]);
    const shown = listed(inOrder, texts, limit);
    const isAhead = shown.every((statement) => ahead.has(statement));
    return { shown, texts: isAhead ? texts : await read(shown) };
  };
  if (server.reads_snapshots) {
    const stored = await readFrom(async (wanted) => readStoredTexts(database, wanted));
    if (areWhole(stored.texts, stored.shown)) return stored;
  }
  return readFrom(async (wanted) => readServerTexts(database, server, wanted));
}

async function withPlans(
  { database, server }: Observation,
  report: StatementsReport,
): Promise<StatementsReport> {
  const statements: StatementReport[] = [];
  for (const statement of report.statements) {
    const explanation = await explainStatement(database, server, {
      ...statement,
      figures: statement,
    });
    statements.push({ ...statement, explanation });
  }
  return { ...report, statements };
}

/**
 * Shows one statement with all its figures. Throws STATEMENT_NOT_FOUND where no statement that may be seen has that
 * number, and STATISTICS_MISSING.
 */
export async function slowQuery(
  context: Context,
  queryId: string,
  options: Pick<Options, "sample" | "since" | "database" | "user" | "explain">,
): Promise<SlowQueryResult> {
  return observe(context, options, async (observation) => {
    const { database, server, window: whole, wasInterrupted, takenAt } = observation;
    if (typeof whole === "string") throw statisticsMissing(explainProblem(whole, server));
    const window = narrowed(whole, options);
    const found = ranked(
      window.statements.filter((statement) => statement.queryId === queryId),
      { sort: "total", minMean: 0 },
    );
    const [first] = found;
    if (first === undefined) throw notFound(queryId, window);
    const texts = await readTexts(database, server, found);
    const scale = { total: totalOf(window).execTime, blockSize: server.block_size };
    const figures = figuresOf(sumOf(found), scale);
    const query = texts.get(keyOf(first))?.text ?? null;
    const here = found.find((each) => each.database === server.database) ?? first;
    const explanation =
      options.explain === true
        ? await explainStatement(database, server, { ...here, query, figures })
        : null;
    return {
      ...target(server, takenAt),
      queryId,
      query,
      window: windowReport(window, wasInterrupted),
      figures,
      entries: found.map((statement) =>
        entryOf(statementReport(statement, { ...scale, query: null })),
      ),
      advice: adviceOn(figures),
      history: await readIntervals(database, server, {
        queryId,
        since: window.snapshot?.id,
        database: options.database,
        user: options.user,
      }),
      explanation,
      notes: notesOn(window, server, { sort: "total" }),
    };
  });
}

function entryOf({
  query: _query,
  advice: _advice,
  explanation: _explanation,
  ...rest
}: StatementReport): SlowQueryResult["entries"][number] {
  return rest;
}

function target(
  server: Server,
  takenAt: string,
): Omit<SlowQueriesResult, "running" | "statements" | "comparison" | "timeline" | "notes"> {
  return {
    database: server.database,
    user: server.user,
    serverVersion: server.version,
    address: server.address === "" ? null : `${server.address}:${server.port}`,
    isStandby: server.is_standby,
    takenAt,
  };
}

function notFound(queryId: string, { source }: Window): CliError {
  return new CliError("STATEMENT_NOT_FOUND", {
    message: {
      reset: `pg_stat_statements has no statement ${queryId} that you may see.`,
      sample: `The statement ${queryId} did not end during the sample.`,
      snapshot: `The statement ${queryId} did not end since the snapshot.`,
    }[source],
    hint: '"doramaflix-db slow-queries --limit 100" lists statements with their numbers.',
  });
}
