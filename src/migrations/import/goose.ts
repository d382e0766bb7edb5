import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";
import { markOfUp, type Mark } from "./marks.ts";
import { readEach } from "./read-each.ts";
import type { ForeignMigration, ForeignPart, ImportTool } from "./tool.ts";

/** A line that goose reads; the rest is SQL. */
const annotation = /^--[ \t]*\+goose[ \t]+([^\n]*?)[ \t]*$/gim;

/** Sections that begin with a line "-- +goose Up" or "-- +goose Down". */
export const goose: ImportTool = {
  title: "goose",
  recursive: false,
  read: (folder, problems) =>
    readEach(
      { folder, problems },
      { name: /^(\d+)_([^/]*)\.sql$/, program: /^\d+_[^/]*(?<!_test)\.go$/ },
      ({ source, digits, words }) => ({
        key: String(BigInt(digits)),
        digits,
        words,
        ...sectionsOf(source),
      }),
    ),
  tidy: (sql) => sql.replaceAll(/^--[ \t]*\+goose[^\n]*\n?/gim, "").replaceAll(/^;-{9,}$/gm, ";"),
  history: {
    table: "public.goose_db_version",
    // A rollback of an early version of goose added a row that is not applied, instead of taking one away.
    columns: "distinct on (version_id) version_id::text, is_applied, tstamp::timestamptz::text",
    orderBy: "version_id, id desc",
    applied: (rows) =>
      rows
        .filter(({ version_id: version, is_applied: applied }) => version !== "0" && applied)
        .map(({ version_id: version, tstamp }) => ({
          key: String(version),
          appliedAt: String(tstamp),
        })),
  },
};

interface Annotation extends Mark {
  readonly command: string;
}

function sectionsOf(source: SourceText): Pick<ForeignMigration, "head" | "up" | "down"> {
  const annotations = Array.from(
    source.text.matchAll(annotation),
    ({ 0: line, 1: command = "", index }): Annotation => ({
      command: command.toUpperCase().replaceAll(/\s+/g, " "),
      index,
      end: index + line.length,
    }),
  );
  for (const each of annotations) refuseUnknown(source, each);
  const down = onlyOne(source, annotations, "DOWN");
  const marks = { up: onlyOne(source, annotations, "UP"), down };
  const up = markOfUp(source, marks, "-- +goose Up");
  const transaction = !annotations.some(({ command }) => command === "NO TRANSACTION");
  const section = (start: number, end: number | undefined): ForeignPart => {
    return { source, sql: withSemicolons(source.text.slice(start, end)), start, transaction };
  };
  return {
    head: goose.tidy(source.text.slice(0, up.index)),
    up: section(up.end, down?.index),
    down: down && section(down.end, undefined),
  };
}

function onlyOne(
  source: SourceText,
  annotations: readonly Annotation[],
  wanted: string,
): Annotation | undefined {
  const [first, second] = annotations.filter(({ command }) => command === wanted);
  if (second === undefined) return first;
  throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
    index: second.index,
    message: "This line stands here a second time.",
    hint: "Remove one of them.",
  });
}

const known = /^(?:UP|DOWN|STATEMENTBEGIN|STATEMENTEND|NO TRANSACTION|ENVSUB OFF)$/;

function refuseUnknown(source: SourceText, { command, index }: Annotation): void {
  if (known.test(command)) return;
  const problem =
    command === "ENVSUB ON"
      ? {
          message: "goose puts variables of the environment into the statements below.",
          hint: "Write the values themselves and remove this line; keep passwords out of migrations.",
        }
      : {
          message: `goose has no annotation "${command}" that could be imported.`,
          hint: "Remove the line, or write what it stands for.",
        };
  throw invalidFile("IMPORT_FILES_UNUSABLE", source, { index, ...problem });
}

/** Ends each statement between StatementBegin and StatementEnd that has no semicolon; no place moves by that. */
function withSemicolons(sql: string): string {
  return sql.replaceAll(
    /(?<=([^\s])\s*\n)--[ \t]*\+goose[ \t]+statementend[^\n]*/gi,
    (line, last) => (last === ";" ? line : `;${"-".repeat(line.length - 1)}`),
  );
}
