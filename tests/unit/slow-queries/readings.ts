import { counters, type Counts } from "../../../src/slow-queries/columns.ts";
import type { Reading, ServerIdentity, Statement } from "../../../src/slow-queries/reading.ts";

const zero = Object.fromEntries(counters.map((counter) => [counter, 0])) as unknown as Counts;

export const server: ServerIdentity = {
  systemIdentifier: "7711213950561390200",
  startedAt: "2026-01-01T00:00:00.000Z",
  timeline: 1,
  address: "10.0.0.7",
  port: 5432,
};

/** An entry whose calls took that long, with the figures as the server works them out. */
export function statement(durations: readonly number[], more: Partial<Statement> = {}): Statement {
  const calls = durations.length;
  const execTime = durations.reduce((sum, each) => sum + each, 0);
  const mean = calls > 0 ? execTime / calls : 0;
  const deviation = spread(durations);
  return {
    ...zero,
    userId: 10,
    user: "app",
    databaseId: 5,
    database: "shop",
    queryId: "1",
    isTopLevel: true,
    since: null,
    calls,
    execTime,
    rows: calls,
    maxTime: Math.max(0, ...durations),
    execSquares: calls * (deviation * deviation + mean * mean),
    ...more,
  };
}

/** The standard deviation of a population, as the server has it. */
export function spread(durations: readonly number[]): number {
  if (durations.length === 0) return 0;
  const mean = durations.reduce((sum, each) => sum + each, 0) / durations.length;
  const squares = durations.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return Math.sqrt(squares / durations.length);
}

export function reading(statements: readonly Statement[], more: Partial<Reading> = {}): Reading {
  return {
    takenAt: "2026-01-02T00:00:00.000Z",
    server,
    statsReset: "2026-01-01T00:00:00.000Z",
    dealloc: 0,
    entries: statements.length,
    maxEntries: 5000,
    statements,
    hidden: [],
    ...more,
  };
}
