import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  indexOfCodePoint,
  locationAt,
  readSourceText,
  type SourceText,
} from "../../../src/core/source-text.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doramaflix-db-source-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function read(content: string): SourceText {
  writeFileSync(join(folder, "file.sql"), content);
  return readSourceText(folder, "file.sql", "MIGRATION_FILE_INVALID");
}

const character = fc.oneof(
  fc.constantFrom("\n", "a", " ", "'", ";", "\t", "é", "한", "😀", "\u2028", "\u0085"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);

/** What PostgreSQL can read: no NUL; with line feeds only, and no byte-order mark at the beginning. */
const text = fc
  .array(character, { maxLength: 40 })
  .map((parts) => parts.join("").replaceAll(/[\0\r]/g, ""))
  .filter((each) => !each.startsWith("\uFEFF"));

test("line endings and a byte-order mark change neither the text nor its checksum", () => {
  fc.assert(
    fc.property(
      text,
      fc.boolean(),
      fc.infiniteStream(fc.constantFrom("\n", "\r\n", "\r")),
      (...given) => {
        const [lines, mark, endings] = given;
        // A lone "\r" before a line feed would be one line ending together with it.
        const written = lines.replaceAll(/\n+/g, (feeds) => {
          const ending = endings.next().value ?? "\n";
          return ending.repeat(feeds.length);
        });
        const source = read(`${mark ? "\uFEFF" : ""}${written}`);
        expect(source).toEqual(read(lines));
        expect(source.text).toBe(lines);
      },
    ),
  );
});

test("every other change gives another checksum", () => {
  fc.assert(
    fc.property(
      text,
      text,
      fc.tuple(fc.nat(40), fc.nat(2)),
      (before, inserted, [place, removed]) => {
        const units = Array.from(before);
        const after = units.toSpliced(place, removed, inserted).join("");
        fc.pre(after !== before && !after.startsWith("\uFEFF"));
        expect(read(after).checksum).not.toBe(read(before).checksum);
      },
    ),
  );
});

test("a place counts code points: before it stand as many as it says", () => {
  fc.assert(
    fc.property(text, fc.nat(50), (whole, position) => {
      const index = indexOfCodePoint(whole, position);
      const before = Array.from(whole.slice(0, index));
      expect(before).toHaveLength(Math.min(position, Array.from(whole).length));
      expect(whole.startsWith(before.join(""))).toBe(true);
    }),
  );
});

test("line and column lead back to the place", () => {
  fc.assert(
    fc.property(text, fc.nat(50), (whole, position) => {
      const index = indexOfCodePoint(whole, position);
      const location = locationAt({ path: "a.sql", text: whole }, index);
      const lines = whole.split("\n");
      expect(location.text).toBe(lines[location.line - 1]);
      const before = lines.slice(0, location.line - 1).map((line) => `${line}\n`);
      const inLine = Array.from(location.text).slice(0, location.column - 1);
      expect([...before, ...inLine].join("")).toBe(whole.slice(0, index));
    }),
  );
});
