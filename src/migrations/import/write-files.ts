import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../../core/errors.ts";
import { readSourceText } from "../../core/source-text.ts";
import { parseFileName, type Version } from "../../project/version.ts";
import type { ConvertedFile } from "./convert.ts";

/**
 * Returns the files that are not there yet. Throws IMPORT_FILE_EXISTS for one that is there with another content, or
 * whose number another migration of the project has.
 */
export function filesToWrite<File extends ConvertedFile>(
  project: string,
  files: readonly File[],
  existing: readonly Version[],
): File[] {
  const taken = files.flatMap((file) => conflictOf(project, file, existing) ?? []);
  if (taken.length > 0) {
    throw new CliError("IMPORT_FILE_EXISTS", {
      message: `The project has ${taken.length === 1 ? "a file" : "files"} in the place of what would be written; nothing was written.`,
      detail: taken.join("\n"),
      hint: "Import into an empty project; or move away the file of the project, or that of the other tool.",
    });
  }
  return files.filter(({ source }) => !existsSync(join(project, source.path)));
}

function conflictOf(
  project: string,
  { source: { path, checksum }, from }: ConvertedFile,
  existing: readonly Version[],
): string | undefined {
  const origin = from.map((each) => `"${each}"`).join(" and ");
  if (existsSync(join(project, path))) {
    const same = readSourceText(project, path, "IMPORT_FILE_EXISTS").checksum === checksum;
    return same ? undefined : `"${path}" is not what would be made of ${origin}.`;
  }
  const version = parseFileName(path.replace(/^migrations\//, ""));
  const other = existing.find(({ number }) => number === version?.number);
  return other && `"migrations/${other.name}.sql" has the number of "${path}", made of ${origin}.`;
}

/** Writes all files or none; returns the function that removes them again. */
export function writeFiles(project: string, files: readonly ConvertedFile[]): () => void {
  const written: string[] = [];
  const remove = (): void => {
    for (const path of written) rmSync(path, { force: true });
  };
  try {
    for (const { source } of files) {
      const path = join(project, source.path);
      mkdirSync(dirname(path), { recursive: true });
      // Never over a file that has come meanwhile.
      writeFileSync(path, source.text, { flag: "wx" });
      written.push(path);
    }
    return remove;
  } catch (cause) {
    remove();
    throw new CliError("PROJECT_NOT_FOUND", {
      message: `Cannot write into the folder "${project}".`,
      detail: (cause as Error).message,
      hint: "Make it a folder that you may write into, or name another project with --project. Nothing was written.",
      cause,
    });
  }
}
