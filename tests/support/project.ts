import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Writes a project folder with the given files, by path; it goes when the test file ends. */
export async function createProject(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "doramaflix-db-project-"));
  folders.push(folder);
  await writeFiles(folder, files);
  return folder;
}

/** Writes or replaces files of a project. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Writes the text of a migration. */
export function migration(up: string, down = "select 1"): string {
  return `-- migrate:up\n${up};\n\n-- migrate:down\n${down};\n`;
}

/** Writes `count` migrations that each create a table with five columns and an index, and insert a row. */
export function smallMigrations(count: number): Record<string, string> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return Object.fromEntries(
    numbers.map((number) => [
      `migrations/${String(number).padStart(4, "0")}_t${number}.sql`,
      migration(
        `create table t${number} (id bigint primary key, a text, b int, c date, d numeric);\n` +
          `create index on t${number} (a);\ninsert into t${number} values (1)`,
        `drop table t${number}`,
      ),
    ]),
  );
}
