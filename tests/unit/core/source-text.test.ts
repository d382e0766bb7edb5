import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  indexOfCodePoint,
  locationAt,
  readSourceText,
  type SourceText,
} from "../../../src/core/source-text.ts";
import { sourceOf, takeMark } from "../project/source.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doramaflix-db-source-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function read(content: string | Uint8Array): Promise<SourceText> {
  await writeFile(join(folder, "file.sql"), content);
  return readSourceText(folder, "file.sql", "MIGRATION_FILE_INVALID");
}

describe("the text of a file", () => {
  const text = "select '드라마 😀';\n\nselect 2;\n";

  test.for([
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["CR", text.replaceAll("\n", "\r")],
    ["a byte-order mark", `\uFEFF${text}`],
    ["CRLF and a byte-order mark", `\uFEFF${text.replaceAll("\n", "\r\n")}`],
  ] as const)("with %s is the same, and so is its checksum", async ([, content]) => {
    expect(await read(content)).toEqual(await read(text));
  });

  test("has the SHA-256 of its bytes as checksum", async () => {
    expect((await read("abc")).checksum).toBe(
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  test("keeps a byte-order mark that is not at its beginning", async () => {
    expect((await read("select '\uFEFF'")).text).toContain("\uFEFF");
  });

  test.for([
    ["Latin-1", Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0xe9, 0x0a]), "line 3."],
    ["a character cut off", Buffer.from([0x61, 0x0a, 0xed, 0x95]), "line 2."],
    ["UTF-16", Buffer.from("\uFEFFselect", "utf16le"), "line 1."],
    ["a NUL character", Buffer.from("a\nb\0c"), "line 2."],
  ] as const)("is refused with %s, and the line is named", async ([, content, line]) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      detail: expect.stringContaining(line) as string,
      hint: expect.stringContaining("UTF-8") as string,
    });
  });

  test("is refused where there is none to read", async () => {
    await mkdir(join(folder, "folder.sql"));
    for (const path of ["folder.sql", "missing.sql"]) {
      expect(() => readSourceText(folder, path, "DEFINITION_FILE_INVALID")).toThrow(
        expect.objectContaining({
          code: "DEFINITION_FILE_INVALID",
          message: `Cannot read the file "${path}".`,
        }),
      );
    }
  });
});

describe("a place in a file", () => {
  test.for([
    "¤select",
    "select¤",
    "select 1;\n¤select 2;",
    "select 1;¤\nselect 2;",
    "\n\n\n¤",
    "select '😀👍🏽', ¤x\nfrom y",
    "-- 😀\nselect '한국어', ¤x",
    "\t\t¤x",
  ])("has line, column and text: %j", (marked) => {
    const { text, line, column } = takeMark(marked);
    const location = locationAt(sourceOf("a.sql", text), marked.indexOf("¤"));
    expect(location).toEqual({ file: "a.sql", line, column, text: text.split("\n")[line - 1] });
  });

  test.for([
    ["abc", 2, 2],
    ["😀b", 1, 2],
    ["한😀b", 2, 3],
    ["😀", 5, 2],
    ["", 0, 0],
  ] as const)("in %j, code point %i is at UTF-16 unit %i", ([text, position, index]) => {
    expect(indexOfCodePoint(text, position)).toBe(index);
  });

  test.for([
    ["in lines", "insert into t values (1);\n"],
    ["in one line", "insert into t values ('😀'), "],
  ] as const)("is found without going through 10 MB again and again, %s", ([, piece]) => {
    const text = piece.repeat((10 * 1024 * 1024) / piece.length);
    const began = performance.now();
    const index = indexOfCodePoint(text, Array.from(piece).length * 100_000);
    locationAt(sourceOf("a.sql", text), index);
    expect(index).toBe(piece.length * 100_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
