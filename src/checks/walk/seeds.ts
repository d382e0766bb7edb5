import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ScratchDatabase } from "../../context.ts";
import { readSourceText } from "../../core/source-text.ts";
import { runScript } from "../../db/run-script.ts";
import { tableData } from "../queries.ts";
import type { TableData } from "../rows.ts";

/** The data that is written while the migrations are tried. */
export interface SeedRun {
  /** What lay in the tables before the migration. */
  readonly before: readonly TableData[];
  readonly write: () => Promise<void>;
  readonly data: () => Promise<readonly TableData[]>;
}

const none: SeedRun = {
  before: [],
  write: async () => {},
  data: async () => Promise.resolve([]),
};

/** Prepares the file VERSION.sql of a folder, which is run whenever the migration of that name has been applied. */
export async function seedsFor(
  { database }: ScratchDatabase,
  folder: string | undefined,
  version: string,
): Promise<SeedRun> {
  if (folder === undefined) return none;
  const data = async (): Promise<readonly TableData[]> => tableData(database);
  const name = `${version}.sql`;
  const source = existsSync(join(folder, name))
    ? readSourceText(folder, name, "SETUP_FAILED")
    : undefined;
  return {
    before: await data(),
    data,
    write: async () => (source === undefined ? undefined : runScript(database, source, failure)),
  };
}

const failure = {
  code: "SETUP_FAILED",
  message: "The data for a migration could not be written.",
  hint: 'A file of --seeds runs each time that its migration has been applied, so twice: let it do nothing the second time, with "on conflict do nothing".',
} as const;
