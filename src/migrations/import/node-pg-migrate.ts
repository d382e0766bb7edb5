import { isBlank, skipBlank } from "../../core/comments.ts";
import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";
import { readEach } from "./read-each.ts";
import type { ForeignMigration, ForeignPart, ImportTool } from "./tool.ts";

/** SQL files with comments "-- Up Migration" and "-- Down Migration"; without any, all of it is the way up. */
export const nodePgMigrate: ImportTool = {
  title: "node-pg-migrate",
  recursive: false,
  read: (folder, problems) =>
    readEach(
      { folder, problems },
      { name: /^(\d+)[_-]([^/]*)\.sql$/, program: /^\d+[_-][^/]*(?<!\.d)\.[cm]?[jt]sx?$/ },
      ({ source, digits, words }) => ({
        key: source.path.slice(0, -".sql".length),
        digits,
        words,
        ...directionsOf(source),
      }),
    ),
  tidy: (sql) => sql,
  history: {
    table: "public.pgmigrations",
    columns: "name::text, run_on::timestamptz::text",
    orderBy: "id",
    applied: (rows) =>
      rows.map(({ name, run_on: at }) => ({ key: String(name), appliedAt: String(at) })),
  },
};

function directionsOf(source: SourceText): Pick<ForeignMigration, "head" | "up" | "down"> {
  const { text } = source;
  const up = /^\s*--[\s-]*up\s+migration[^\n]*/im.exec(text);
  const down = /^\s*--[\s-]*down\s+migration[^\n]*/im.exec(text);
  const part = (mark: RegExpExecArray, other: RegExpExecArray | null): ForeignPart => {
    const start = mark.index + mark[0].length;
    const end = other !== null && other.index > mark.index ? other.index : undefined;
    return { source, sql: text.slice(start, end), start, transaction: true };
  };
  const first = Math.min(up?.index ?? text.length, down?.index ?? text.length);
  const before = text.slice(0, first);
  if (up === null) {
    const all = { source, sql: before, start: 0, transaction: true };
    return { head: "", up: all, down: down === null ? undefined : part(down, null) };
  }
  if (!isBlank(before)) {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index: skipBlank(before),
      message: 'node-pg-migrate never runs what stands before "-- Up Migration".',
      hint: "Remove the statement, or move it below that line.",
    });
  }
  return { head: before, up: part(up, down), down: down === null ? undefined : part(down, up) };
}
