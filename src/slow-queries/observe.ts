import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { quoteLiteral } from "../core/identifiers.ts";
import type { Database } from "../db/database.ts";
import { readComposed, readTogether } from "../db/sql-file.ts";
import { formatDuration } from "../output/units.ts";
import { difference } from "./difference.ts";
import type { Moment } from "./moment.ts";
import { explainProblem, statisticsMissing, type Problem } from "./problem.ts";
import { running, server } from "./queries.ts";
import { takeReading } from "./read.ts";
import { sinceReset, type Window } from "./reading.ts";
import type { Server, Session } from "./rows.ts";
import { windowSince } from "./windows.ts";

interface Wanted {
  /** Milliseconds. */
  readonly sample?: number | undefined;
  readonly since?: Moment | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
}

/** What was found, and the session in which texts can be asked for. */
export interface Observation {
  readonly database: Database;
  readonly server: Server;
  readonly sessions: readonly Session[];
  readonly window: Window | Problem;
  readonly takenAt: string;
  readonly wasInterrupted: boolean;
}

/**
 * Observes a server, at once or over the time of a sample, and hands what it found to `report`. The user's interruption
 * ends a sample early, and the report is made of the time until then. Throws USAGE for a database or role that there is
 * not, and STATISTICS_MISSING for a sample without statistics.
 */
export async function observe<Result>(
  context: Context,
  wanted: Wanted,
  report: (observation: Observation) => Promise<Result>,
): Promise<Result> {
  return context.withDatabase(async (database) => {
    const facts = await readFacts(database);
    await checkNames(database, wanted);
    const first = await takeReading(database, facts.server);
    if (wanted.since !== undefined) {
      if (typeof first === "string") throw statisticsMissing(explainProblem(first, facts.server));
      const given = { moment: wanted.since, now: first };
      const window = await windowSince(database, facts.server, given);
      return report({ ...facts, window, database, wasInterrupted: false });
    }
    if (wanted.sample === undefined) {
      const window = typeof first === "string" ? first : sinceReset(first);
      return report({ ...facts, window, database, wasInterrupted: false });
    }
    if (typeof first === "string") throw statisticsMissing(explainProblem(first, facts.server));
    const wasInterrupted = await pause(context, wanted.sample);
    const finish = async (session: Database): Promise<Result> => {
      const later = await readFacts(session);
      const second = await takeReading(session, later.server);
      if (typeof second === "string") throw statisticsMissing(explainProblem(second, later.server));
      const window = difference(first, second);
      return report({ ...later, window, database: session, wasInterrupted });
    };
    // The session in hand does nothing more after an interruption.
    return wasInterrupted
      ? database.beside(new AbortController().signal, finish)
      : finish(database);
  });
}

/** Reads what runs now, and what kind of server it is. */
export async function readFacts(
  database: Database,
): Promise<Pick<Observation, "server" | "sessions" | "takenAt">> {
  const [[row], sessions] = await readTogether(database, [server, running]);
  if (row === undefined) throw new Error("The query for the server returned no row.");
  return { server: row, sessions, takenAt: new Date().toISOString() };
}

/** Waits for the time of a sample; returns whether the user has ended it early. */
async function pause({ output, signal }: Context, duration: number): Promise<boolean> {
  const progress = await output.progress();
  progress.begin(`Sampling for ${formatDuration(duration)}; Ctrl-C ends it early`);
  const began = performance.now();
  const wasInterrupted = await sleep(duration, false, { signal }).catch(() => true);
  progress.succeed(`Sampled for ${formatDuration(performance.now() - began)}`);
  return wasInterrupted;
}

/** A name that is misspelled would show a server on which nothing runs. */
export async function checkNames(
  session: Database,
  { database, user }: Pick<Wanted, "database" | "user">,
): Promise<void> {
  const checks = [
    { option: "--database", what: "database", name: database, all: allDatabases },
    { option: "--user", what: "role", name: user, all: allRoles },
  ];
  for (const { option, what, name, all } of checks) {
    if (name === undefined) continue;
    const [rows = []] = await readComposed(session, [
      `select n.name from (${all}) n order by n.name =${quoteLiteral(name)} desc, n.name limit 20`,
    ]);
    const names = (rows as readonly { readonly name: string }[]).map((row) => row.name);
    if (names[0] === name) continue;
    throw new CliError("USAGE", {
      message: `${option} names a ${what} that the server does not have, "${name}".`,
      hint: `It has ${names.map((each) => `"${each}"`).join(", ")}${names.length < 20 ? "." : ", and others."}`,
    });
  }
}

const allDatabases = "select d.datname::text as name from pg_database d where d.datallowconn";
const allRoles = "select r.rolname::text as name from pg_roles r where r.rolname !~ '^pg_'";
