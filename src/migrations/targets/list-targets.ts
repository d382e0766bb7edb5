import { existsSync } from "node:fs";
import { basename } from "node:path";
import { refuse, type Problem } from "../../config/problems.ts";
import { isConnectionText, printable, type GivenTarget } from "../../config/targets.ts";
import { readTextFile } from "../../config/text-file.ts";
import type { Context, TargetContext } from "../../context.ts";
import { CliError } from "../../core/errors.ts";
import { globExpression } from "../../core/glob.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import { databases } from "../queries.ts";

/**
 * Returns the databases that --targets names, each once, the canary first: the lines of a file, the names that a pattern
 * matches, or the rows of a query. Throws USAGE, and CONFIG_INVALID for addresses that cannot be read.
 */
export async function listTargets(
  context: Context,
  { targets, canary }: { readonly targets: string; readonly canary?: string | undefined },
): Promise<readonly TargetContext[]> {
  const given = await givenTargets(context, targets);
  const all = await context.forTargets(given);
  const byPlace = new Map(all.map((each) => [placeOf(each), each]));
  if (canary === undefined) return [...byPlace.values()];
  const [asked] = await context.forTargets([{ text: canary, source: "--canary" }]);
  const chosen = asked && byPlace.get(placeOf(asked));
  if (chosen !== undefined) return [...new Set([chosen, ...byPlace.values()])];
  throw new CliError("USAGE", {
    message: `The canary "${printable(canary)}" is not among the databases of --targets.`,
    hint: "Give its name, or its address as it stands there.",
  });
}

/** A database that is named twice, in whatever way, is the same one. */
function placeOf({ context: { config } }: TargetContext): string {
  const { connection } = config;
  return JSON.stringify([connection.kind === "server" && connection.hosts, connection.database]);
}

async function givenTargets(context: Context, targets: string): Promise<readonly GivenTarget[]> {
  if (existsSync(targets)) return inFile(targets);
  if (/^\s*(?:select|with|table|values)\b/i.test(targets)) return byQuery(context, targets);
  if (!isConnectionText(targets) && /[*?]/.test(targets)) return byPattern(context, targets);
  throw new CliError("USAGE", {
    message: `"${printable(targets)}" is no list of databases: no file of this name exists, and it is neither a pattern nor a query.`,
    detail:
      '--targets takes a file with one database a line, a pattern for names such as "tenant_*", or a query that returns them.',
    hint: "For one database leave --targets out, and name it in --url or DATABASE_URL.",
  });
}

function inFile(path: string): readonly GivenTarget[] {
  const problems: Problem[] = [];
  const text = readTextFile(path, problems) ?? "";
  refuse(problems);
  const given = text
    .split("\n")
    .map((line, index) => ({ text: line.trim(), source: `${basename(path)}:${index + 1}` }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
  return notEmpty(given, {
    message: `The file "${path}" names no database.`,
    hint: "Write one a line: its name, a URL, or a keyword string such as service=tenant1.",
  });
}

async function byPattern(context: Context, pattern: string): Promise<readonly GivenTarget[]> {
  const all = await context.withDatabase(databases);
  const expression = globExpression(pattern);
  const given = all
    .filter(({ name }) => expression.test(name))
    .map(({ name }) => ({ text: name, source: "--targets", isName: true }) as const);
  return notEmpty(given, {
    message: `No database has a name like "${pattern}".`,
    hint: "* stands for any characters, ? for one. Templates, and databases that allow no connections, are left out.",
  });
}

async function byQuery(context: Context, query: string): Promise<readonly GivenTarget[]> {
  const rows = await context.withDatabase(async (database) => readOnly(database, query));
  const given = rows.map((row, index) => ({
    text: onlyText(row).trim(),
    source: `row ${index + 1} of --targets`,
  }));
  return notEmpty(given, {
    message: "The query of --targets returns no row.",
    hint: "Run it in psql, in the same database.",
  });
}

async function readOnly(database: Database, query: string): Promise<readonly object[]> {
  try {
    await database.query("begin transaction read only");
    const rows = await database.query(query);
    await database.query("rollback");
    return rows;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw new CliError("USAGE", {
      message: "The query of --targets failed.",
      detail: error.detail === undefined ? error.message : `${error.message}\n${error.detail}`,
      hint: error.hint ?? "Correct it; it runs in the configured database, and may only read.",
      sqlState: error.sqlState,
      cause: error,
    });
  }
}

function onlyText(row: object): string {
  const values: unknown[] = Object.values(row);
  const [value] = values;
  if (values.length === 1 && typeof value === "string" && value.trim() !== "") return value;
  throw new CliError("USAGE", {
    message: "The query of --targets must return one column of texts, and no null.",
    hint: "Each row is the name of a database, a URL or a keyword string: select name from tenants",
  });
}

function notEmpty(given: readonly GivenTarget[], problem: Problem): readonly GivenTarget[] {
  if (given.length === 0) throw new CliError("USAGE", problem);
  return given;
}
