import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examineSnapshot, type Examined } from "../../../src/checks/schema/examine-snapshot.ts";
import { readSchema } from "../../../src/checks/schema/read-schema.ts";
import { schemaText } from "../../../src/checks/schema/schema-text.ts";
import { withSession } from "../../../src/db/session.ts";
import { createDatabase, readServerVersion } from "../../support/database.ts";
import { createProject } from "../../support/project.ts";
import { connectionOf } from "../../support/server.ts";

const tables = `
  create table a (id int primary key, name text default E'two\\r\\nlines');
  create table b (id int references a);
`;

/** What is said of a snapshot of these tables, after something was done to the file. */
async function examine(change: (text: string) => string | undefined): Promise<Examined> {
  const { url, sql } = await createDatabase();
  await sql.unsafe(tables);
  const project = await createProject({});
  return withSession(connectionOf(url), {}, async (database) => {
    const text = change(schemaText(await readSchema(database)));
    if (text !== undefined) await writeFile(join(project, "schema.sql"), text);
    return examineSnapshot(database, project, await readServerVersion());
  });
}

test("a snapshot as it was written is right, whatever git made of its line ends", async () => {
  expect(await examine((text) => text)).toEqual({ found: [] });
  expect(await examine((text) => text.replaceAll(/\r?\n/g, "\r\n"))).toEqual({ found: [] });
});

test("without a file, and with that of another version, nobody can tell", async () => {
  expect(await examine(() => undefined)).toEqual({ obstacle: "the project has no schema.sql" });
  const major = Math.floor((await readServerVersion()) / 10_000);
  expect(
    await examine((text) => text.replace(`PostgreSQL ${major}.`, `PostgreSQL ${major - 1}.`)),
  ).toEqual({
    obstacle: `schema.sql is of PostgreSQL ${major - 1}, and the server is ${major}`,
  });
});

test("what differs is shown; a file that the tool has not written, and one that is empty, differ too", async () => {
  const stale = await examine((text) => text.replace("    id integer\n", "    id bigint\n"));
  expect(stale).toMatchObject({
    found: [
      {
        rule: "snapshot-stale",
        message: expect.stringContaining("-    id bigint\n+    id integer\n") as string,
        cure: expect.stringContaining("doramaflix-db snapshot-schema") as string,
      },
    ],
  });
  expect(await examine(() => "create table c ()")).toMatchObject({
    found: [{ message: expect.stringContaining("-create table c ()") as string }],
  });
  expect(await examine(() => "")).toMatchObject({ found: [{ location: { line: 1 } }] });
});

test("a long difference is cut, and it is said where all of it is", async () => {
  const long = Array.from({ length: 100 }, (_none, line) => `-- ${line}\n`).join("");
  const examined = await examine((text) => text + long);
  const message = "found" in examined ? (examined.found[0]?.message ?? "") : "";
  expect(message.split("\n")).toHaveLength(42);
  expect(message).toMatch(
    /\nand 64 more lines; "doramaflix-db snapshot-schema --check" shows all$/,
  );
});
