import { crc32 } from "node:zlib";
import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";
import { appliedByFlyway } from "./flyway-history.ts";
import { flywayKey, wholeNumbers } from "./flyway-version.ts";
import type { ForeignFolder } from "./foreign-folder.ts";
import type { Problems } from "./problems.ts";
import { isProgram } from "./read-each.ts";
import type { ForeignFiles, ForeignMigration, ForeignPart, ImportTool } from "./tool.ts";

/** V1.2__words.sql, with U1.2__words.sql as the way back, R__words.sql, and settings of a script beside it. */
export const flyway: ImportTool = {
  title: "Flyway",
  recursive: true,
  read,
  tidy: (sql) => sql,
  history: {
    table: "public.flyway_schema_history",
    columns:
      "version::text, type::text, script::text, checksum::text, installed_on::timestamptz::text, success",
    orderBy: "installed_rank",
    applied: appliedByFlyway,
  },
};

const fileName =
  /^(?:.*\/)?(R(?=__)|[VUB](?=\d))(\d+(?:[._]\d+)*)?__([^/]*)\.(sql|java|class|kt|py|ps1|sh|bat|cmd|bash)$/;
const callback = /^(?:.*\/)?(?:(?:before|after)[A-Z]\w*|createSchema(?:__[^/]*)?)\.sql$/;

interface Script {
  readonly path: string;
  readonly version: string;
  readonly words: string;
}

function read(folder: ForeignFolder, problems: Problems): ForeignFiles {
  const { V: versioned, U: undo, R: repeatable, "": ignored } = sortFiles(folder, problems);
  const undoByKey = new Map(undo.map((script) => [flywayKey(script.version), script]));
  const keys = new Set(versioned.map(({ version }) => flywayKey(version)));
  for (const { path } of undo.filter(({ version }) => !keys.has(flywayKey(version)))) {
    const hint = "Restore the file V of that version, or remove this one.";
    problems.add(path, { message: "takes back a version that has no file.", hint });
  }
  const numbers = wholeNumbers(versioned.map(({ version }) => version));
  const migrations = versioned.map(({ path, version, words }, place) =>
    problems.attempt((): ForeignMigration => {
      const key = flywayKey(version);
      const up = partOf(folder, path);
      const undone = undoByKey.get(key);
      const down = undone && partOf(folder, undone.path);
      const checksum = checksumOf(up.source);
      return { key, digits: numbers[place] ?? version, words, head: "", up, down, checksum };
    }),
  );
  const sources = repeatable.map(({ path }) => problems.attempt(() => partOf(folder, path).source));
  return {
    migrations: migrations.filter((migration) => migration !== undefined),
    repeatable: sources.filter((source) => source !== undefined),
    ignored: ignored.map(({ path }) => path),
  };
}

/** The scripts by what their names begin with; "" is what Flyway leaves alone. */
type Sorted = Readonly<Record<"V" | "U" | "R" | "", Script[]>>;

function sortFiles({ files }: ForeignFolder, problems: Problems): Sorted {
  const sorted: Sorted = { V: [], U: [], R: [], "": [] };
  for (const path of files) {
    const [, prefix = "", version = "0", words = "", extension = ""] = fileName.exec(path) ?? [];
    const refusal = callback.test(path) ? isCallback : refusalOfScript(prefix, extension);
    if (refusal !== undefined) problems.add(path, refusal);
    else if (path.endsWith(".sql")) sorted[prefix as keyof Sorted].push({ path, version, words });
  }
  return sorted;
}

function refusalOfScript(prefix: string, extension: string): Reason | undefined {
  if (prefix !== "" && extension !== "sql") return isProgram;
  return prefix === "B" ? isBaseline : undefined;
}

type Reason = Parameters<Problems["add"]>[1];

const isCallback = {
  message: "is a callback, which has no counterpart.",
  hint: "Write what it is to do as a migration, or move it out of the folder.",
};

const isBaseline = {
  message: "is a baseline migration, which stands for those before it.",
  hint: "Move it out of the folder and keep the files V; or move those that it stands for out, and rename it to V.",
};

/** Reads a script with the settings in the file NAME.sql.conf beside it. */
function partOf(folder: ForeignFolder, path: string): ForeignPart {
  const source = folder.read(path);
  const settingsPath = `${path}.conf`;
  const settings = folder.files.includes(settingsPath)
    ? readSettings(folder.read(settingsPath))
    : new Map<string, string>();
  const placeholder = /\$\{[^}\n]*\}/.exec(source.text);
  if (placeholder !== null && settings.get("placeholderReplacement") !== "false") {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index: placeholder.index,
      message: `Flyway replaces ${placeholder[0]} when it runs the file.`,
      hint: "Write the value itself.",
    });
  }
  const transaction = settings.get("executeInTransaction") !== "false";
  return { source, sql: source.text, start: 0, transaction };
}

function readSettings(source: SourceText): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const { 1: name = "", 2: value = "", index } of source.text.matchAll(
    /^[ \t]*([^#=\s][^=\n]*?)[ \t]*=[ \t]*([^\n]*?)[ \t]*$/gm,
  )) {
    const accepted = scriptSettings[name];
    if (accepted?.test(value) !== true) {
      throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
        index,
        message: `The setting ${name}=${value} has no counterpart.`,
        hint: "Only executeInTransaction, placeholderReplacement and encoding=UTF-8 can be imported: remove the line.",
      });
    }
    settings.set(name, value);
  }
  return settings;
}

const scriptSettings: Readonly<Record<string, RegExp>> = {
  executeInTransaction: /^(?:true|false)$/,
  placeholderReplacement: /^(?:true|false)$/,
  encoding: /^utf-?8$/i,
};

/** Flyway's own: the CRC-32 of the lines without their ends, as a signed number. */
function checksumOf({ text }: SourceText): string {
  return String(crc32(text.replaceAll("\n", "")) | 0);
}
