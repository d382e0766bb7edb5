import type { ScratchDatabase, TriedStatement } from "../../context.ts";
import { shortName } from "../../output/units.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import { strength, type LockMode } from "../../statements/lock-modes.ts";
import { foundOf } from "../found.ts";
import type { Found, TracedMigration } from "../results.ts";

export interface Trace {
  readonly traced: TracedMigration | undefined;
  readonly found: readonly Found[];
}

/**
 * Executes a migration, looks at the locks that it takes and the tables that it rewrites, and rolls it back. Finds what
 * its text alone does not show, because a statement calls what does it; the rest is what lint is for.
 */
export async function traceMigration(
  scratch: ScratchDatabase,
  { version, source }: CheckedMigration,
): Promise<Trace> {
  try {
    const statements = await scratch.attempt(version.name);
    return {
      traced: { version: version.name, statements: statements?.map(tracedStatement) ?? null },
      found: (statements ?? []).flatMap((statement) =>
        hiddenIn(statement, { file: source.path, line: statement.line, column: 1 }),
      ),
    };
  } catch (error) {
    const failure = foundOf(error);
    if (failure === undefined) throw error;
    return { traced: undefined, found: [failure] };
  }
}

type TracedStatement = NonNullable<TracedMigration["statements"]>[number];

function tracedStatement({
  line,
  text,
  duration,
  locks,
  rewritten,
}: TriedStatement): TracedStatement {
  return {
    line,
    text,
    duration,
    locks: locks.map(({ relation, kind, mode }) => ({ relation, kind, mode })),
    rewritten: [...rewritten],
  };
}

/** The kinds of relations for whose locks others wait. */
const lockable = new Set(["table", "partitioned table", "materialized view"]);

function hiddenIn(
  { locks, rewritten, foreseen }: TriedStatement,
  location: Found["location"],
): Found[] {
  const told = new Map(foreseen.map((each) => [each.relation, each]));
  const rewrites = rewritten
    .filter((relation) => told.get(relation)?.rewrites !== true)
    .map((relation): Found => ({
      rule: "hidden-rewrite",
      level: "warning",
      message: `The statement writes ${shortName(relation)} anew, which its text does not show: nobody reads or writes it meanwhile, however large it is.`,
      cure: "Look at what it calls; move the work into a migration of its own, for an hour in which nobody needs the table.",
      location,
      object: relation,
    }));
  const others = locks.filter(
    ({ relation, kind, mode, holdsUpWrites }) =>
      holdsUpWrites &&
      lockable.has(kind) &&
      !rewritten.includes(relation) &&
      isWeaker(told.get(relation)?.lock, mode),
  );
  return [
    ...rewrites,
    ...others.map(({ relation, mode }): Found => ({
      rule: "hidden-lock",
      level: "warning",
      message: `The statement locks ${shortName(relation)} in mode ${mode}, which its text does not show: who writes it waits until the migration has ended.`,
      cure: "Look at what it calls; put it at the end of the migration, or into one of its own.",
      location,
      object: relation,
    })),
  ];
}

function isWeaker(foreseen: string | undefined, real: string): boolean {
  return foreseen === undefined || strength(foreseen as LockMode) < strength(real as LockMode);
}
