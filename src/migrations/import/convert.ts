import { invalidFile } from "../../core/invalid-file.ts";
import { CliError } from "../../core/errors.ts";
import { sourceTextOf, type SourceText } from "../../core/source-text.ts";
import { loadSqlParser } from "../../core/sql-parser.ts";
import { statementsIn } from "../../core/statements.ts";
import { checkMigrations } from "../../project/check-migration.ts";
import { parseDefinitionFile } from "../../project/definition-file.ts";
import { createdName, type DefinitionKind } from "../../project/definition-names.ts";
import { parseMigrationFile, type MigrationFile } from "../../project/migration-file.ts";
import { compareVersions, parseVersion, type Version } from "../../project/version.ts";
import { asText, convertPart, type ConvertedPart } from "./convert-part.ts";
import { openForeignFolder } from "./foreign-folder.ts";
import { nameMigrations } from "./number-files.ts";
import { Problems } from "./problems.ts";
import type { ForeignMigration, ForeignPart, ImportTool } from "./tool.ts";

/** A file to be written into the project. */
export interface ConvertedFile {
  /** With its path below the project folder. */
  readonly source: SourceText;
  /** The files of the other tool that it was made of. */
  readonly from: readonly string[];
  readonly notes: readonly string[];
}

export interface ConvertedMigration extends ConvertedFile {
  readonly foreign: ForeignMigration;
  readonly file: MigrationFile;
}

export interface Converted {
  /** In the order of their versions. */
  readonly migrations: readonly ConvertedMigration[];
  readonly definitions: readonly ConvertedFile[];
  readonly ignored: readonly string[];
}

/**
 * Reads a folder of another tool and makes our files of it, which our own reader and checks accept; throws one error
 * with everything that stands in the way. `existing` are the versions that the project has already.
 */
export async function convertFolder(
  tool: ImportTool,
  from: string,
  existing: readonly Version[],
): Promise<Converted> {
  await loadSqlParser();
  const problems = new Problems();
  const files = tool.read(openForeignFolder(from, tool), problems);
  refuseSameNumbers(files.migrations, problems);
  const names = nameMigrations(files.migrations, existing);
  const migrations = files.migrations.flatMap(
    (foreign, place) =>
      convertMigration(tool, { foreign, name: names[place] ?? "" }, problems) ?? [],
  );
  const definitions = files.repeatable.flatMap(
    (source) => problems.attempt(() => convertDefinition(source)) ?? [],
  );
  refuseSameObjects(definitions, problems);
  problems.throwAny(from);
  if (migrations.length === 0 && definitions.length === 0) {
    throw new CliError("USAGE", {
      message: `"${from}" holds no migration of ${tool.title}.`,
      hint: "Name the folder with the other tool's migrations: --from db/migrations",
    });
  }
  return {
    migrations: migrations.toSorted((a, b) => compareVersions(a.file.version, b.file.version)),
    definitions,
    ignored: files.ignored,
  };
}

/** 001 and 1 are the same number, and so are 1.0 and 1 in Flyway. */
function refuseSameNumbers(migrations: readonly ForeignMigration[], problems: Problems): void {
  const byNumber = new Map<bigint, string>();
  for (const { digits, up } of migrations) {
    const other = byNumber.get(BigInt(digits));
    byNumber.set(BigInt(digits), up.source.path);
    if (other !== undefined) {
      const message = `has the same number as "${other}".`;
      problems.add(up.source.path, {
        message,
        hint: "Give the one that is applied nowhere another number.",
      });
    }
  }
}

function refuseSameObjects(definitions: readonly ConvertedFile[], problems: Problems): void {
  const byPath = new Map<string, ConvertedFile>();
  for (const { source, from } of definitions) {
    const other = byPath.get(source.path);
    if (other !== undefined) {
      problems.add(from.join(), {
        message: `creates the same object as "${other.from.join()}".`,
        hint: "Put all that belongs to it into one of them: all overloads of a function are one file.",
      });
    }
    byPath.set(source.path, { source, from, notes: [] });
  }
}

interface Named {
  readonly foreign: ForeignMigration;
  readonly name: string;
}

function convertMigration(
  tool: ImportTool,
  { foreign, name }: Named,
  problems: Problems,
): ConvertedMigration | undefined {
  const convert = (part: ForeignPart | undefined): ConvertedPart | undefined =>
    part && problems.attempt(() => convertPart(part, tool));
  const [up, down] = [convert(foreign.up), convert(foreign.down)];
  const text = textOf(tool, { foreign, name }, { up, down });
  const source = sourceTextOf(`migrations/${name}.sql`, text);
  const file = problems.attempt(() => {
    const version = parseVersion(name);
    if (version === undefined) throw new Error(`"${name}" has no number.`);
    const parsed = parseMigrationFile(version, source);
    checkMigrations([parsed]);
    return parsed;
  });
  if (file === undefined) return undefined;
  const sources = [foreign.up.source.path, foreign.down?.source.path ?? ""];
  return {
    foreign,
    file,
    source,
    from: [...new Set(sources)].filter((path) => path !== ""),
    notes: [
      ...(up === undefined ? ["It has no statement that would be run."] : up.notes),
      ...(down?.notes.map((note) => `The way back: ${note}`) ?? []),
    ],
  };
}

interface ConvertedParts {
  readonly up: ConvertedPart | undefined;
  readonly down: ConvertedPart | undefined;
}

function textOf(
  { title }: Pick<ImportTool, "title">,
  { foreign: { head, words }, name }: Named,
  { up, down }: ConvertedParts,
): string {
  const description = words.replaceAll(/[\s_-]+/g, " ").trim();
  const label = name.replace(/^\d+_/, "").replaceAll("_", " ");
  const isLost = description !== "" && description.toLowerCase() !== label;
  const lines = [
    asText(head).trim(),
    isLost ? `-- migrate:description ${description}` : "",
    `-- migrate:up${option(up)}`,
    up?.sql ?? "SELECT;",
  ].filter((line) => line !== "");
  const back =
    down === undefined
      ? `-- migrate:irreversible Imported from ${title}, which had no way back for it.`
      : `-- migrate:down${option(down)}\n${down.sql}`;
  return `${lines.join("\n")}\n\n${back}\n`;
}

function option(part: ConvertedPart | undefined): string {
  return part?.transaction === false ? " transaction:false" : "";
}

/** Finds the folder that a script belongs to which is run again when it changes: that of the object that it creates. */
function convertDefinition(source: SourceText): ConvertedFile {
  for (const statement of statementsIn(source, source.text, 0)) {
    for (const kind of ["function", "view"] as const) {
      const name = createdName(statement, kind)?.at(-1);
      if (name !== undefined) return asDefinition(source, kind, name);
    }
  }
  throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
    index: 0,
    message: "A script that runs again whenever it changes can only be one function or one view.",
    hint: "Write it as a migration with a version; what it is to do each time belongs to whoever runs the migrations.",
  });
}

function asDefinition(source: SourceText, kind: DefinitionKind, name: string): ConvertedFile {
  const target = sourceTextOf(`${kind}s/${name}.sql`, source.text);
  try {
    parseDefinitionFile(target, kind);
  } catch (error) {
    if (!(error instanceof CliError) || error.location === undefined) throw error;
    const { code, message, hint, location } = error;
    throw new CliError(code, { message, hint, location: { ...location, file: source.path } });
  }
  return { source: target, from: [source.path], notes: [] };
}
