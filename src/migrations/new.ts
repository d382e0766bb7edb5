import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/schema.ts";
import { CliError } from "../core/errors.ts";
import { plainLabel } from "../project/label.ts";
import type { NewResult } from "./results.ts";
import { nextNumber } from "../project/version.ts";

/** Writes an empty migration with the next number; needs no database. */
export async function newMigration(
  { project }: Pick<Config, "project">,
  name: string,
): Promise<NewResult> {
  const label = labelOf(name);
  const folder = join(project, "migrations");
  try {
    await mkdir(folder, { recursive: true });
    const files = (await readdir(folder)).filter((file) => file.endsWith(".sql"));
    const version = `${nextNumber(files)}_${label}`;
    const path = join(folder, `${version}.sql`);
    await writeFile(path, template, { flag: "wx" });
    return { version, path };
  } catch (cause) {
    throw new CliError("PROJECT_NOT_FOUND", {
      message: `Cannot write into the folder "${folder}".`,
      detail: (cause as Error).message,
      hint: "Make it a folder that you may write into, or name another project with --project.",
      cause,
    });
  }
}

/** A file name has at most 255 bytes, and so has a version in the ledger. */
const longestLabel = 200;

/** Makes a label of a name; throws USAGE where it gives none, or one that is too long. */
function labelOf(name: string): string {
  const label = plainLabel(name);
  if (label.length > longestLabel) {
    throw new CliError("USAGE", {
      message: `The name has ${label.length} characters; at most ${longestLabel} fit into a file name.`,
      hint: "Say it in a few words, and the rest in a line -- migrate:description TEXT of the file.",
    });
  }
  if (label !== "") return label;
  throw new CliError("USAGE", {
    message: `"${name}" gives no name for a migration.`,
    hint: "Use letters from a to z and digits: doramaflix-db new add_ratings",
  });
}

const template = `-- migrate:up


-- migrate:down

`;
