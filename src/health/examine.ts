import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import type { SqlFile } from "../db/sql-file.ts";
import { describe, type Check, type Need } from "./check.ts";
import { obstacleOf, obstacleTo, type Obstacle } from "./needs.ts";
import { facts as readFacts, sizes } from "./queries.ts";
import type { Finding, HealthResult, Measured, NotChecked } from "./results.ts";
import { byLevel } from "../findings/levels.ts";
import { Level } from "../findings/results.ts";
import type { Facts, FindingRow, Size } from "./rows.ts";
import { withoutPublic } from "./words.ts";

export interface Scope {
  readonly checks: readonly Check[];
  /** How long a check may take, in milliseconds. */
  readonly timeout: number;
  readonly withSizes: boolean;
}

type Examination = Omit<HealthResult, "baseline">;

/** Makes the checks, one after the other; one that cannot be made does not keep the others from it. */
export async function examine(database: Database, scope: Scope): Promise<Examination> {
  // Without a limit: without the facts there is nothing to be said.
  const [facts] = await readFacts(database);
  if (facts === undefined) throw new Error("The query for the facts returned no row.");
  const findings: Finding[] = [];
  const notChecked: NotChecked[] = [];
  for (const check of scope.checks) {
    const { query, needs } = check;
    const { rows, obstacle } = await attempt(query, { database, scope, facts, needs });
    findings.push(...rows.filter(isFinding).map((row) => finding(check, row)));
    notChecked.push(
      ...(obstacle === undefined ? hiddenOf(check, rows, facts) : [notMade(check, obstacle)]),
    );
  }
  const measured = scope.withSizes
    ? await attempt(sizes, { database, scope, facts, needs: [] })
    : undefined;
  if (measured?.obstacle !== undefined) {
    notChecked.push(notMade({ name: "sizes", level: null }, measured.obstacle));
  }
  return {
    database: facts.database,
    user: facts.user,
    serverVersion: facts.version,
    isStandby: facts.is_standby,
    checks: scope.checks.map(describe),
    findings: findings.toSorted(byLevel),
    notChecked,
    sizes:
      measured === undefined || measured.obstacle !== undefined ? null : sizesOf(measured.rows),
  };
}

/**
 * What holds for each query: it changes nothing, ends in time, and stands in no queue for a lock, in which others would
 * stand behind it; what is done within a tenth of a second is none.
 */
function limits({ timeout }: Scope): string {
  return `set transaction read only;\nset local statement_timeout = ${timeout};\nset local lock_timeout = '100ms';\n`;
}

interface Attempt {
  readonly database: Database;
  readonly scope: Scope;
  readonly facts: Facts;
  readonly needs: readonly Need[];
}

/** Runs a query where that makes sense; says why there are no rows where it could not. */
async function attempt<Row>(
  query: SqlFile<Row>,
  { database, scope, facts, needs }: Attempt,
): Promise<{ readonly rows: readonly Row[]; readonly obstacle?: Obstacle }> {
  const obstacle = obstacleTo(needs, facts);
  if (obstacle !== undefined) return { rows: [], obstacle };
  try {
    return { rows: await query(database, undefined, limits(scope)) };
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return { rows: [], obstacle: obstacleOf(error, facts, scope.timeout) };
  }
}

/** The level of a row that stands for what the role may not see. */
const hiddenLevel = "not_checked";

function isFinding({ level }: FindingRow): boolean {
  return level !== hiddenLevel;
}

function notMade(
  { name, level }: { readonly name: string; readonly level: Level | null },
  { hides, ...obstacle }: Obstacle,
): NotChecked {
  return { name, ...obstacle, countsAs: hides ? level : null };
}

function hiddenOf(
  check: Check,
  rows: readonly FindingRow[],
  { user }: Facts,
): readonly NotChecked[] {
  const hidden = rows.filter((row) => !isFinding(row));
  // Of several objects that are hidden for the same reason, the first says it.
  return hidden
    .filter((row, place) => hidden.findIndex(({ object }) => object === row.object) === place)
    .map(({ object, detail: { hidden: number, limit }, cure }) => {
      const why =
        limit === undefined
          ? `role "${user}" may not read all`
          : `only the ${Number(limit)} of the largest tables were looked at`;
      const reason = `${why}; left out: ${Number(number)} of the ${object}`;
      return notMade(check, { reason, cure, hides: limit === undefined });
    });
}

function finding({ name, say }: Check, { level, object, detail, cure }: FindingRow): Finding {
  return {
    name,
    level: Level.parse(level),
    object,
    message: withoutPublic(say(detail as never)),
    detail,
    cure,
    key: `${name}:${object}`,
  };
}

function sizesOf(rows: readonly Size[]): NonNullable<HealthResult["sizes"]> {
  const of = (kind: string): Measured[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ object, size, index_size: indexBytes, rows: estimated, partitions }) => ({
        object,
        bytes: size,
        indexBytes,
        rows: estimated,
        partitions,
      }));
  return { tables: of("table"), indexes: of("index") };
}
