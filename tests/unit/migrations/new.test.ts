import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newMigration } from "../../../src/migrations/new.ts";

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "doramaflix-db-new-"));
});

afterEach(async () => {
  await rm(project, { recursive: true, force: true });
});

describe("the label of a new migration is made of its name:", () => {
  test.for([
    ["add_ratings", "add_ratings"],
    ["Add ratings to courses", "add_ratings_to_courses"],
    ["add users' table", "add_users_table"],
    ["  add--ratings!  ", "add_ratings"],
    ["Série dramatique", "serie_dramatique"],
    ["v2: 100% ready", "v2_100_ready"],
    ["../../etc/passwd", "etc_passwd"],
    ["한국어 drama 😀", "drama"],
  ] as const)("%s becomes %s", async ([name, label]) => {
    const { version, path } = await newMigration({ project }, name);
    expect(version).toBe(`001_${label}`);
    expect(path).toBe(join(project, "migrations", `001_${label}.sql`));
    expect(await readdir(join(project, "migrations"))).toEqual([`001_${label}.sql`]);
  });

  test.for(["", "   ", "한국어", "😀", "---"])(
    "%j gives none, and writes nothing",
    async (name) => {
      await expect(newMigration({ project }, name)).rejects.toMatchObject({
        code: "USAGE",
        hint: expect.stringContaining("doramaflix-db new add_ratings") as string,
      });
      expect(await readdir(project)).toEqual([]);
    },
  );

  test("one that fits into no file name is refused", async () => {
    await expect(newMigration({ project }, "a".repeat(201))).rejects.toMatchObject({
      code: "USAGE",
    });
    const { version } = await newMigration({ project }, "a".repeat(200));
    expect(version).toHaveLength(204);
  });
});

describe("the number of a new migration", () => {
  test.for([
    { files: [], number: "001" },
    { files: ["001_a.sql", "002_b.sql"], number: "003" },
    { files: ["9_a.sql", "10_b.sql"], number: "11" },
    { files: ["999_a.sql"], number: "1000" },
    { files: ["0007_a.sql"], number: "0008" },
    { files: ["20200605075829074_a.sql"], number: "20200605075829075" },
    { files: ["001_a.sql", "2024-notes.txt", "README.md"], number: "002" },
  ])("after $files is $number", async ({ files, number }) => {
    await mkdir(join(project, "migrations"));
    for (const file of files) await writeFile(join(project, "migrations", file), "");
    expect((await newMigration({ project }, "new")).version).toBe(`${number}_new`);
  });
});

test("a project that cannot be written to is refused", async () => {
  await writeFile(join(project, "migrations"), "");
  await expect(newMigration({ project }, "new")).rejects.toMatchObject({
    code: "PROJECT_NOT_FOUND",
    message: expect.stringContaining("Cannot write into the folder") as string,
  });
});
