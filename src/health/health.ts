import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { applyBaseline, readBaseline, writeBaseline } from "../findings/baseline.ts";
import { describe, type Check } from "./check.ts";
import { checks } from "./checks.ts";
import { examine } from "./examine.ts";
import type { CheckList, Finding, HealthResult } from "./results.ts";

export interface HealthInput {
  /** Names of checks; empty: all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** How long a check may take, in milliseconds. */
  readonly timeout: number;
  /** The file of what is known and accepted. */
  readonly baseline: string | undefined;
  /** The file into which what is found is to be written. */
  readonly writeBaseline: string | undefined;
}

/** Looks for what is wrong in a live database; changes nothing, and waits for no lock. */
export async function health(
  { withDatabase }: Pick<Context, "withDatabase">,
  { only, skip, timeout, ...files }: HealthInput,
): Promise<HealthResult> {
  const chosen = chooseChecks(only, skip);
  const known = files.baseline === undefined ? undefined : await readBaseline(files.baseline);
  const examined = await withDatabase(async (database) =>
    examine(database, { checks: chosen, timeout, withSizes: only.length === 0 }),
  );
  if (files.writeBaseline !== undefined)
    await writeBaseline(files.writeBaseline, examined.findings, known ?? []);
  if (known === undefined) return { ...examined, baseline: null };
  const today = new Date().toISOString().slice(0, 10);
  return {
    ...examined,
    ...applyBaseline({ ...examined, ran: namesThatRan(examined) }, known, today),
  };
}

/** How long a check of a database may take that nobody else uses, in milliseconds. */
const aloneTimeout = 60_000;

/** Makes checks for another command, which has its own session and its own words. */
export async function findProblems(
  database: Database,
  names: readonly string[],
): Promise<readonly Finding[]> {
  const chosen = chooseChecks(names, []);
  const scope = { checks: chosen, timeout: aloneTimeout, withSizes: false };
  return (await examine(database, scope)).findings;
}

function namesThatRan({
  checks: asked,
  notChecked,
}: Pick<HealthResult, "checks" | "notChecked">): ReadonlySet<string> {
  const unchecked = new Set(notChecked.map(({ name }) => name));
  return new Set(asked.map(({ name }) => name).filter((name) => !unchecked.has(name)));
}

/** Returns the checks with what is told of them. */
export function listChecks(): CheckList {
  return { checks: checks.map(describe) };
}

/** Throws USAGE for a name that no check has. */
function chooseChecks(only: readonly string[], skip: readonly string[]): readonly Check[] {
  const names = new Set(checks.map(({ name }) => name));
  const unknown = [...only, ...skip].find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new CliError("USAGE", {
      message: `There is no check "${unknown}".`,
      hint: '"doramaflix-db health --list" shows all.',
    });
  }
  return checks.filter(
    ({ name }) => (only.length === 0 || only.includes(name)) && !skip.includes(name),
  );
}
