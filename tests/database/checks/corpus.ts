import { readdirSync, readFileSync } from "node:fs";
import type postgres from "postgres";
import { sourceTextOf } from "../../../src/core/source-text.ts";
import { checkMigrations, type CheckedMigration } from "../../../src/project/check-migration.ts";
import { parseMigrationFile } from "../../../src/project/migration-file.ts";
import { parseFileName } from "../../../src/project/version.ts";

/** A migration, and the rules that find something in it. */
export interface Case {
  /** The file of the corpus without its ending. */
  readonly family: string;
  readonly title: string;
  readonly sql: string;
  readonly finds: readonly string[];
  readonly transaction: boolean;
  /** The oldest major version that can run it. */
  readonly since: number;
  /** The newest major version of which it holds. */
  readonly until: number;
  /** What is done to the tables first. */
  readonly before: string;
  /** The SQLSTATE with which the server refuses it; undefined where it runs. */
  readonly fails: string | undefined;
}

const folder = new URL("corpus/", import.meta.url);
const library = new URL("../statements/statement-locks.sql", import.meta.url);

const afresh = `
  drop schema public cascade;
  create schema public;
  drop foreign data wrapper if exists nowhere cascade;`;

/** Makes the tables that the migrations find, in the place of what an earlier one has left. */
export async function makeTables(sql: postgres.Sql): Promise<void> {
  const files = [library, new URL("setup.sql", folder)].map((url) => readFileSync(url, "utf8"));
  await sql.unsafe([afresh, ...files].join("\n"));
}

const head =
  /^-- (unsafe|safe): (.+)\n((?:-- (?:finds|since|until|fails|setup|transaction): ?.+\n)*)/m;

/** Reads all migrations of the corpus; each begins with a line "-- unsafe: TITLE" or "-- safe: TITLE". */
export function readCorpus(): Case[] {
  const files = readdirSync(folder).filter((name) => name !== "setup.sql");
  return files.toSorted().flatMap((name) =>
    readFileSync(new URL(name, folder), "utf8")
      .split(/^(?=-- (?:unsafe|safe): )/m)
      .filter((text) => text.trim() !== "")
      .map((text) => caseOf(name.replace(/\.sql$/, ""), text)),
  );
}

function caseOf(family: string, text: string): Case {
  const [begin = "", kind, title = "", lines = ""] = head.exec(text) ?? [];
  const options = optionsOf(lines);
  if ((kind === "unsafe") === (options.finds.length === 0))
    throw new Error(`corpus/${family}.sql: "${title}" is ${kind}, finds ${options.finds.length}.`);
  return { family, title, sql: text.slice(begin.length).trim(), ...options };
}

function optionsOf(lines: string): Omit<Case, "family" | "title" | "sql"> {
  const given = new Map(
    Array.from(lines.matchAll(/^-- (\w+): ?(.+)$/gm), ([, name, value]) => [name, value]),
  );
  return {
    finds: given.get("finds")?.split(", ") ?? [],
    transaction: given.get("transaction") !== "false",
    since: Number(given.get("since") ?? 15),
    until: Number(given.get("until") ?? 18),
    before: given.get("setup") ?? "",
    fails: given.get("fails"),
  };
}

/** Makes a migration of SQL, as if it were read from a file. The SQL parser must be loaded. */
export function migrationOf(
  sql: string,
  transaction = true,
  path = "migrations/001_a.sql",
): CheckedMigration {
  const mode = transaction ? "" : " transaction:false";
  const text = `-- migrate:up${mode}\n${sql}\n-- migrate:irreversible It is an example.\n`;
  const version = parseFileName("001_a.sql");
  if (version === undefined) throw new Error("That is no version.");
  const [migration] = checkMigrations([parseMigrationFile(version, sourceTextOf(path, text))]);
  if (migration === undefined) throw new Error("There is no migration.");
  return migration;
}
