import type { Database } from "../../src/db/database.ts";
import { withSession } from "../../src/db/session.ts";
import { checks } from "../../src/health/checks.ts";
import { examine } from "../../src/health/examine.ts";
import type { Finding, HealthResult } from "../../src/health/results.ts";
import { runCli } from "./cli.ts";
import { openSession } from "./database.ts";
import { connectionOf } from "./server.ts";

/** A threshold as it stands in a query, and the one that a test puts in its place. */
export type Threshold = readonly [text: string, instead: string];

type Examination = Omit<HealthResult, "baseline">;

/** Makes one check on a database, with other thresholds than in life where a test cannot wait for those. */
export async function examineOnly(
  url: string,
  name: string,
  thresholds: readonly Threshold[] = [],
): Promise<Examination> {
  const chosen = checks.filter((check) => check.name === name);
  const query = chosen[0]?.query.text() ?? "";
  for (const [text] of thresholds)
    if (!query.includes(text)) throw new Error(`The check "${name}" has no "${text}".`);
  return withSession(connectionOf(url), {}, async (database) =>
    examine(lenient(database, thresholds), { checks: chosen, timeout: 60_000, withSizes: false }),
  );
}

/** Returns what one check finds. */
export async function findingsOf(
  url: string,
  name: string,
  thresholds: readonly Threshold[] = [],
): Promise<readonly Finding[]> {
  const { findings, notChecked } = await examineOnly(url, name, thresholds);
  if (notChecked.length > 0) throw new Error(`Not checked: ${JSON.stringify(notChecked)}`);
  return findings;
}

function lenient(database: Database, thresholds: readonly Threshold[]): Database {
  return Object.assign(Object.create(database) as Database, {
    query: async (text: string) =>
      database.query(
        thresholds.reduce((changed, [from, to]) => changed.replaceAll(from, () => to), text),
      ),
  });
}

/** Does what a cure says, as its reader would: line by line, or as a command, which is not asked. */
export async function applyCure(url: string, cure: string | null | undefined): Promise<void> {
  if (cure === null || cure === undefined) throw new Error("There is no cure.");
  if (cure.startsWith("doramaflix-db ")) {
    const yes = cure.includes("--fix") ? ["--yes"] : [];
    // As a shell would: a word in single quotes is one.
    const words = [...cure.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, plain = ""]) => quoted ?? plain,
    );
    const { exitCode, stderr } = await runCli([...words.slice(1), ...yes, "--url", url]);
    if (exitCode !== 0) throw new Error(stderr);
    return;
  }
  const sql = openSession(url);
  for (const line of cure.split("\n")) await sql.unsafe(line);
  await sql.end();
}
