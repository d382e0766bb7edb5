import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";
import { readEach } from "./read-each.ts";
import type { ForeignMigration, ImportTool } from "./tool.ts";

/** The committed files, each with a header of lines that begin with "--!"; there is no way back. */
export const graphileMigrate: ImportTool = {
  title: "graphile-migrate",
  recursive: true,
  read: (folder, problems) => {
    const committed = folder.files.filter((path) => path.startsWith("committed/"));
    const files = committed.length > 0 ? committed : folder.files;
    return readEach(
      { folder: { ...folder, files }, problems },
      { name: /^(?:committed\/)?(\d+)(?:-([^/]*))?\.sql$/ },
      ({ source, digits, words }) => committedMigration(source, { digits, words }),
    );
  },
  tidy: (sql) => sql.replaceAll(/^--![ \t]*no-transaction\b[^\n]*\n?/gm, ""),
  history: {
    table: "graphile_migrate.migrations",
    columns: "filename::text, hash::text, date::timestamptz::text",
    orderBy: "filename",
    applied: (rows) =>
      rows.map(({ filename, hash, date }) => ({
        key: String(filename),
        appliedAt: String(date),
        checksum: String(hash),
      })),
  },
};

function committedMigration(
  source: SourceText,
  { digits, words }: Pick<ForeignMigration, "digits" | "words">,
): ForeignMigration {
  const { text, path } = source;
  const start = /^(?:--! [A-Z]\w*:[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  const header = text.slice(0, start);
  const checksum = /^--! Hash: (\S+)$/m.exec(header)?.[1];
  if (checksum === undefined) {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index: 0,
      message: 'There is no line "--! Hash:", which every committed migration has.',
      hint: "Commit it with graphile-migrate first; current.sql cannot be imported.",
    });
  }
  const placeholder = /(?<!:):DATABASE_(?:NAME|OWNER)\b/.exec(text);
  if (placeholder !== null) {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index: placeholder.index,
      message: `graphile-migrate replaces ${placeholder[0]} when it runs the file.`,
      hint: "Write the name itself, or put it together with format() in a DO block: current_database() is the database.",
    });
  }
  const sql = text.slice(start);
  return {
    key: path.replace(/^committed\//, ""),
    digits,
    words: /^--! Message: (.+)$/m.exec(header)?.[1] ?? words,
    head: "",
    up: { source, sql, start, transaction: !/^\s*--![ \t]*no-transaction\b/.test(sql) },
    down: undefined,
    checksum,
  };
}
