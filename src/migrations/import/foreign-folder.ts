import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { CliError } from "../../core/errors.ts";
import { readSourceText, type SourceText } from "../../core/source-text.ts";

/** The folder of another tool's migrations. */
export interface ForeignFolder {
  /** Paths of its files in the order of their names, with forward slashes. */
  readonly files: readonly string[];
  read(path: string): SourceText;
}

/** Lists a folder, and what lies below it if `recursive`; the files are read one by one. */
export function openForeignFolder(
  folder: string,
  { recursive }: { readonly recursive: boolean },
): ForeignFolder {
  try {
    const files = readdirSync(folder, { recursive, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
      .map((path) => path.replaceAll("\\", "/"));
    return {
      files: files.toSorted(),
      read: (path) => readSourceText(folder, path, "IMPORT_FILES_UNUSABLE"),
    };
  } catch (cause) {
    throw new CliError("USAGE", {
      message: `Cannot read the folder "${folder}".`,
      detail: (cause as Error).message,
      hint: "Name the folder with the other tool's migrations: --from db/migrations",
      cause,
    });
  }
}
