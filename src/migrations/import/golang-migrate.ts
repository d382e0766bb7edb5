import { CliError } from "../../core/errors.ts";
import type { ForeignFolder } from "./foreign-folder.ts";
import type { Problems } from "./problems.ts";
import { isProgram } from "./read-each.ts";
import type {
  AppliedMigration,
  ForeignFiles,
  ForeignMigration,
  ForeignPart,
  HistoryRow,
  ImportTool,
} from "./tool.ts";

/** Two files for each migration: N_name.up.sql and N_name.down.sql. */
export const golangMigrate: ImportTool = {
  title: "golang-migrate",
  recursive: false,
  read,
  tidy: (sql) => sql,
  history: {
    table: "public.schema_migrations",
    columns: "version::text, dirty",
    orderBy: "version",
    applied,
  },
};

const fileName = /^(\d+)_([^/]*)\.(up|down)\.(\w+)$/;

interface Named {
  readonly path: string;
  readonly digits: string;
  readonly words: string;
}

function read(folder: ForeignFolder, problems: Problems): ForeignFiles {
  const { ups, downs, ignored } = sortFiles(folder, problems);
  for (const [key, { path }] of downs) {
    if (ups.has(key)) continue;
    const hint = "Restore the file with the same number that ends in .up.sql, or remove this one.";
    problems.add(path, { message: "takes back what no file does.", hint });
  }
  const migrations = [...ups].flatMap(
    ([key, up]) => problems.attempt(() => pair(folder, { key, up, down: downs.get(key) })) ?? [],
  );
  return { migrations, repeatable: [], ignored };
}

interface Sorted {
  readonly ups: Map<string, Named>;
  readonly downs: Map<string, Named>;
  readonly ignored: string[];
}

function sortFiles({ files }: ForeignFolder, problems: Problems): Sorted {
  const sorted: Sorted = { ups: new Map(), downs: new Map(), ignored: [] };
  for (const path of files) {
    const [match, digits = "0", words = "", direction, extension] = fileName.exec(path) ?? [];
    const direct = direction === "up" ? sorted.ups : sorted.downs;
    const key = String(BigInt(digits));
    const other = direct.get(key);
    if (match === undefined) sorted.ignored.push(...(path.endsWith(".sql") ? [path] : []));
    else if (extension !== "sql") problems.add(path, isProgram);
    else if (other === undefined) direct.set(key, { path, digits, words });
    else {
      const message = `has the same number and direction as "${other.path}".`;
      problems.add(path, { message, hint: "Give the one that is applied nowhere another number." });
    }
  }
  return sorted;
}

function pair(
  folder: ForeignFolder,
  { key, up, down }: { readonly key: string; readonly up: Named; readonly down: Named | undefined },
): ForeignMigration {
  const part = ({ path }: Named): ForeignPart => {
    const source = folder.read(path);
    return { source, sql: source.text, start: 0, transaction: true };
  };
  const { digits, words } = up;
  return { key, digits, words, head: "", up: part(up), down: down && part(down) };
}

/** The table has one row, the newest version: all migrations up to it are applied. */
function applied(
  rows: readonly HistoryRow[],
  migrations: readonly ForeignMigration[],
): AppliedMigration[] {
  const [row] = rows;
  if (row === undefined) return [];
  const newest = String(row["version"]);
  if (row["dirty"] === true) {
    throw new CliError("IMPORT_HISTORY_UNUSABLE", {
      message: `golang-migrate has marked version ${newest} as dirty: it failed half-way.`,
      detail: "Nothing was written.",
      hint: `Put the database right by hand, then tell golang-migrate: migrate force VERSION; then run the command again.`,
    });
  }
  const keys = new Set([newest, ...migrations.map(({ key }) => key)]);
  return [...keys]
    .filter((key) => BigInt(key) <= BigInt(newest))
    .map((key) => ({ key, appliedAt: null }));
}
