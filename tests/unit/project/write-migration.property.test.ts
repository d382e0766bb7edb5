import * as fc from "fast-check";
import { expect, test } from "vitest";
import { writeMigration } from "../../../src/project/write-migration.ts";
import { migrationOf } from "./source.ts";

const sql = fc
  .array(fc.constantFrom("select 1", ";", "\n", " -- migrate:up", "'드라마'", "$$", "/* */", "  "))
  .map((pieces) => `select 0;\n${pieces.join("")}\nselect 9;`);
const part = fc.record({ sql, transaction: fc.boolean() });
const words = fc.array(fc.constantFrom("a", "reason", "사랑", "--"), { minLength: 1 });
const line = words.map((each) => each.join(" "));

test("what is written for a migration is read as that migration", () => {
  fc.assert(
    fc.property(
      line,
      part,
      fc.oneof(
        part,
        line.map((irreversible) => ({ irreversible })),
      ),
      (description, up, down) => {
        const read = migrationOf("001_a", writeMigration({ description, up, down }));
        expect(read).toMatchObject({ description, up, down });
      },
    ),
  );
});

test("a description and a reason of several lines are written on one", () => {
  const text = writeMigration({
    description: "one\ntwo",
    up: { sql: "select 1", transaction: true },
    down: { irreversible: "three\n  four\n" },
  });
  expect(migrationOf("001_a", text)).toMatchObject({
    description: "one two",
    down: { irreversible: "three four" },
  });
});
