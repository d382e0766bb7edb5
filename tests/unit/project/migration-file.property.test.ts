import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { newMigration } from "../../../src/migrations/new.ts";
import { compareVersions, parseFileName, parseVersion } from "../../../src/project/version.ts";
import { migrationOf } from "./source.ts";

const line = fc
  .string({ unit: "binary", maxLength: 20 })
  .map((text) => text.replaceAll(/[\0\r\n]/g, ""))
  .filter((text) => !text.startsWith("-- migrate:"));

/** Lines of which the first is no comment, as far as the reader of directives looks at it. */
const statements = fc
  .array(fc.oneof(line, fc.constantFrom("", " -- migrate:up", "-- 😀", "$$", "/*")), {
    maxLength: 4,
  })
  .map((lines) => ["select 1", ...lines, ";"].join("\n"));

function alone(is: boolean): string {
  return is ? " transaction:false" : "";
}

const reason = line.map((text) => `because ${text}`.trim());

test("a migration that is written from its parts is read as these parts, each at its place", () => {
  const parts = {
    description: fc.option(reason),
    up: statements,
    upAlone: fc.boolean(),
    down: statements,
    downAlone: fc.boolean(),
    irreversible: fc.option(reason),
  };
  fc.assert(
    fc.property(fc.record(parts), ({ description, up, upAlone, down, downAlone, irreversible }) => {
      const text = [
        ...(description === null ? [] : [`-- migrate:description ${description}`]),
        `-- migrate:up${alone(upAlone)}`,
        up,
        ...(irreversible === null
          ? [`-- migrate:down${alone(downAlone)}`, down]
          : [`-- migrate:irreversible ${irreversible}`]),
        "",
      ].join("\n");
      const file = migrationOf("001_add_a", text);
      expect(file).toMatchObject({
        description: description ?? "add a",
        up: { sql: up, transaction: !upAlone },
        down: irreversible === null ? { sql: down, transaction: !downAlone } : { irreversible },
      });
      expect(text.startsWith(up, file.up.start)).toBe(true);
      const { start } = "sql" in file.down ? file.down : { start: text.indexOf(down) };
      expect(irreversible !== null || text.startsWith(down, start)).toBe(true);
    }),
  );
});

test("new names a migration after any words, later than all there are, or refuses them", async () => {
  const root = mkdtempSync(join(tmpdir(), "doramaflix-db-new-"));
  const existing = fc.uniqueArray(fc.stringMatching(/^\d{1,17}_[a-z]\.sql$/), { maxLength: 3 });
  const words = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ unit: "grapheme-ascii", maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 250 }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(existing, words, async (files, name) => {
      const project = join(root, String((run += 1)));
      mkdirSync(join(project, "migrations"), { recursive: true });
      for (const file of files) writeFileSync(join(project, "migrations", file), "");
      const result = await newMigration({ project }, name).catch((error: unknown) => error);
      const written = readdirSync(join(project, "migrations")).filter(
        (file) => !files.includes(file),
      );
      const [file = ""] = written;
      const version = parseFileName(file);
      const path = join(project, "migrations", file);
      expect(result).toMatchObject(
        written.length === 0 ? { code: "USAGE" } : { version: version?.name, path },
      );
      const later = files.filter((each) => {
        const other = parseVersion(each);
        return version && other && compareVersions(other, version) >= 0;
      });
      expect(later).toEqual([]);
    }),
  );
  rmSync(root, { recursive: true, force: true });
});
