import type { SourceText } from "../../core/source-text.ts";
import type { ForeignFolder } from "./foreign-folder.ts";
import type { Problems } from "./problems.ts";
import type { ForeignFiles, ForeignMigration } from "./tool.ts";

/** A file's name, taken apart. */
export interface NamedFile {
  readonly source: SourceText;
  readonly digits: string;
  readonly words: string;
}

interface Naming {
  /** Matches the name of a migration; its groups are the number and the words. */
  readonly name: RegExp;
  /** Matches the name of a migration that is a program. */
  readonly program?: RegExp;
}

/** Reads a folder in which each migration is one file. */
export function readEach(
  { folder, problems }: { readonly folder: ForeignFolder; readonly problems: Problems },
  { name, program }: Naming,
  read: (file: NamedFile) => ForeignMigration,
): ForeignFiles {
  const migrations: ForeignMigration[] = [];
  const ignored: string[] = [];
  for (const path of folder.files) {
    const [match, digits = "", words = ""] = name.exec(path) ?? [];
    if (match !== undefined) {
      const migration = problems.attempt(() => read({ source: folder.read(path), digits, words }));
      if (migration !== undefined) migrations.push(migration);
    } else if (program?.test(path) === true) {
      problems.add(path, isProgram);
    } else if (path.endsWith(".sql")) {
      ignored.push(path);
    }
  }
  return { migrations, repeatable: [], ignored };
}

/** What is said of a migration in another language than SQL. */
export const isProgram = {
  message: "is a program, not SQL.",
  hint: "Write what it does as SQL in a file of the same name; if all databases have it already, a file with SELECT will do.",
};
