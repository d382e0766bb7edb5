import { readFileSync } from "node:fs";
import { lintMigration } from "../../../src/checks/lint/lint-migration.ts";
import type { Rule } from "../../../src/checks/lint/rule.ts";
import { ruleGroups } from "../../../src/checks/lint/rules.ts";
import type { Found } from "../../../src/checks/results.ts";
import { withSession } from "../../../src/db/session.ts";
import { needsNoTransaction } from "../../../src/project/statement-rules.ts";
import { splitStatements, type PlacedStatement } from "../../../src/core/statements.ts";
import { strength, type LockMode } from "../../../src/statements/lock-modes.ts";
import type { TestDatabase } from "../../support/database.ts";
import {
  effectsAround,
  effectsOfEach,
  locksWhileBlocked,
  type RealEffects,
  type ScanEffects,
} from "../../support/real-locks.ts";
import { connectionOf } from "../../support/server.ts";
import { migrationOf } from "./corpus.ts";

/** A page of docs/rules, in which some parts are written by a test. */
export function pathOf(id: string): string {
  return new URL(`../../../docs/rules/${id}.md`, import.meta.url).pathname;
}

const block = /```sql\n([^]*?)```\n\n<!-- locks -->\n[^]*?<!-- locks end -->/g;

export interface Example {
  readonly sql: string;
  readonly isSafe: boolean;
  readonly isLast: boolean;
}

/** Returns the migrations of a page. */
export function examplesOf(page: string): Example[] {
  const safeFrom = page.indexOf("\n## Safe\n");
  const matches = [...page.matchAll(block)];
  return matches.map(({ 1: sql = "", index }, place) => ({
    sql: sql.trim(),
    isSafe: index > safeFrom,
    isLast: place === matches.length - 1,
  }));
}

/** True for a migration that cannot be taken back, or that the next one builds upon. */
export function leavesSomething({ sql, isSafe, isLast }: Example): boolean {
  return isOutside(sql) || (isSafe && !isLast);
}

function isOutside(sql: string): boolean {
  return sql.startsWith("-- migrate:up transaction:false");
}

/** The page with the rule's own words in it, and with what each of its migrations did. */
export function pageWith(rule: Rule, reports: readonly string[]): string {
  let place = 0;
  return readFileSync(pathOf(rule.id), "utf8")
    .replace(
      /<!-- rule -->[^]*<!-- rule ends -->/,
      () => `<!-- rule -->\n${headOf(rule)}\n<!-- rule ends -->`,
    )
    .replaceAll(block, (_, sql: string) => {
      const report = reports[place] ?? "";
      place += 1;
      return `\`\`\`sql\n${sql}\`\`\`\n\n<!-- locks -->\n${report}\n<!-- locks end -->`;
    });
}

function headOf({ level, reason, alternative }: Rule): string {
  const word = level.charAt(0).toUpperCase() + level.slice(1);
  return `${word}. ${reason}\n\nInstead: ${alternative}`;
}

/** The list of all rules. */
export function indexPage(page: string): string {
  const tables = ruleGroups.map(({ title, rules }) => {
    const rows = rules.map(
      ({ id, level, reason }) => `| [${id}](${id}.md) | ${level} | ${reason} |`,
    );
    return [`### ${title}`, "", "| rule | level | |", "|---|---|---|", ...rows].join("\n");
  });
  return page.replace(
    /<!-- rules -->[^]*<!-- rules end -->/,
    () => `<!-- rules -->\n\n${tables.join("\n\n")}\n\n<!-- rules end -->`,
  );
}

/** Looks at a migration, and runs it; of the last one of a page nothing stays. */
export async function tryOut(
  example: Example,
  database: TestDatabase,
  serverVersion: number,
): Promise<{ readonly found: readonly Found[]; readonly report: string }> {
  const { sql: text } = example;
  const transaction = !isOutside(text);
  const sql = transaction ? text : text.slice(text.indexOf("\n") + 1);
  const migration = migrationOf(sql, transaction);
  const found = await withSession(connectionOf(database.url), {}, async (session) =>
    lintMigration(session, migration, serverVersion),
  );
  const statements = splitStatements(sql);
  const rows = transaction
    ? await rowsOfTransaction(
        statements,
        database,
        leavesSomething(example) ? "commit" : "rollback",
      )
    : await rowsOfEach(statements, database);
  const says = found.map(({ rule, message }) => `> ${rule}: ${message}\n`);
  const table = ["| statement | takes | does |", "|---|---|---|", ...rows];
  return { found, report: ["", ...says, ...table, ""].join("\n") };
}

async function rowsOfTransaction(
  statements: readonly PlacedStatement[],
  { sql }: TestDatabase,
  end: "commit" | "rollback",
): Promise<string[]> {
  const texts = statements.map(({ text }) => text);
  try {
    const effects = await effectsOfEach(sql, texts, end);
    return effects.map((each, place) => {
      // How the rows of a query are found is the planner's affair.
      const scanned = queries.has(statements[place]?.kind ?? "") ? [] : each.scanned;
      return rowOf(texts[place] ?? "", { ...each, scanned }, effects[place - 1]?.locks);
    });
  } catch (error) {
    return [failure(texts, error)];
  }
}

const queries = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"]);

async function rowsOfEach(
  statements: readonly PlacedStatement[],
  database: TestDatabase,
): Promise<string[]> {
  const rows: string[] = [];
  for (const each of statements) {
    if (!needsNoTransaction(each)) {
      rows.push(...(await rowsOfTransaction([each], database, "commit")));
      continue;
    }
    try {
      let locks: RealEffects["locks"] = {};
      const effects = await effectsAround(database.sql, async () => {
        locks = await locksWhileBlocked(database, each.text, holderFor(each));
      });
      rows.push(rowOf(each.text, { ...effects, locks, scanned: [] }));
    } catch (error) {
      rows.push(failure([each.text], error));
    }
  }
  return rows;
}

/** The lock of another session for which a statement waits while its own are looked at. */
function holderFor({ kind }: PlacedStatement): string {
  return kind === "AlterTableStmt"
    ? "lock table visits_1 in access share mode"
    : "lock table authors, books, visits_1, visits_2, events_2025, events_2027 in share update exclusive mode";
}

function failure(texts: readonly string[], error: unknown): string {
  const { message, code } = error as { readonly message: string; readonly code?: string };
  if (code === undefined) throw error;
  return `| ${cell(texts.at(-1) ?? "")} | | fails: ${message} (${code}) |`;
}

function rowOf(statement: string, effects: ScanEffects, held: RealEffects["locks"] = {}): string {
  const taken = new Map<string, string[]>();
  for (const [name, mode] of Object.entries(effects.locks)) {
    // Nobody waits for an ACCESS SHARE but who wants the table alone, and GRANT takes one since PostgreSQL 18 only.
    if (held[name] !== mode && mode !== "ACCESS SHARE")
      taken.set(mode, [...(taken.get(mode) ?? []), `\`${name}\``]);
  }
  const locks = [...taken]
    .toSorted(([one], [other]) => strength(other as LockMode) - strength(one as LockMode))
    .map(([mode, names]) => `${mode} on ${names.toSorted().join(", ")}`);
  return `| ${cell(statement)} | ${locks.join("; ") || "nothing"} | ${worksOf(effects).join(", ")} |`;
}

function worksOf({ rewritten, built, scanned }: ScanEffects): string[] {
  const done = new Set([...rewritten, ...Object.keys(built)]);
  return [
    ...rewritten.map((name) => `writes \`${name}\` anew`),
    ...Object.entries(built).map(
      ([name, count]) => `builds ${count === 1 ? "an index" : `${count} indexes`} of \`${name}\``,
    ),
    ...scanned.filter((name) => !done.has(name)).map((name) => `reads all of \`${name}\``),
  ];
}

function cell(statement: string): string {
  return `\`${statement.replaceAll(/\s+/g, " ").replaceAll("|", "\\|")}\``;
}
