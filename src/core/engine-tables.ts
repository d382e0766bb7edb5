import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { packageRoot } from "./package-root.ts";

/** The tables that the tool itself installs; each has a file with its name. */
export function engineTables(): Set<string> {
  const paths = readdirSync(join(packageRoot, "sql", "engine"), {
    recursive: true,
    encoding: "utf8",
  });
  return new Set(
    paths.filter((path) => /[\\/]tables[\\/]/.test(path)).map((path) => basename(path, ".sql")),
  );
}
