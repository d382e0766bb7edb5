import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";
import { markOfUp, type Mark } from "./marks.ts";
import { readEach } from "./read-each.ts";
import type { ForeignMigration, ForeignPart, ImportTool } from "./tool.ts";

/** Blocks that begin with a line "-- migrate:up" or "-- migrate:down", which may have an option. */
export const dbmate: ImportTool = {
  title: "dbmate",
  recursive: false,
  read: (folder, problems) =>
    readEach(
      { folder, problems },
      { name: /^(\d+)_?([^/]*)\.sql$/ },
      ({ source, digits, words }) => ({ key: digits, digits, words, ...blocksOf(source) }),
    ),
  tidy: (sql) => sql,
  history: {
    table: "public.schema_migrations",
    columns: "version::text",
    orderBy: "version",
    applied: (rows) => rows.map(({ version }) => ({ key: String(version), appliedAt: null })),
  },
};

interface Block extends Mark {
  readonly option: string;
}

function blocksOf(source: SourceText): Pick<ForeignMigration, "head" | "up" | "down"> {
  const down = findBlock(source, /^--[ \t]*migrate:down\b([^\n]*)$/m);
  const first = findBlock(source, /^--[ \t]*migrate:up\b([^\n]*)$/m);
  const up = { option: "", ...first, ...markOfUp(source, { up: first, down }, "-- migrate:up") };
  return {
    head: source.text.slice(0, up.index),
    up: partOf(source, up, down?.index),
    down: down && partOf(source, down, undefined),
  };
}

function findBlock({ text }: SourceText, line: RegExp): Block | undefined {
  const match = line.exec(text);
  if (match === null) return undefined;
  const { 0: all, 1: rest = "", index } = match;
  return { index, end: index + all.length, option: rest.trim() };
}

function partOf(
  source: SourceText,
  { option, index, end: start }: Block,
  end: number | undefined,
): ForeignPart {
  if (!/^(transaction:(true|false))?$/.test(option)) {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index,
      message: `"${option}" has no counterpart.`,
      hint: 'The only option that can be imported is "transaction:false".',
    });
  }
  const sql = source.text.slice(start, end);
  return { source, sql, start, transaction: option !== "transaction:false" };
}
