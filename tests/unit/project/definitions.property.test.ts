import { basename } from "node:path";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { loadSqlParser, parseStatements } from "../../../src/core/sql-parser.ts";
import { parseDefinitionFile, type DefinitionFile } from "../../../src/project/definition-file.ts";
import { createdName } from "../../../src/project/definition-names.ts";
import { orderDefinitions } from "../../../src/project/definition-order.ts";
import { sourceOf } from "./source.ts";

beforeAll(loadSqlParser);

const names = ["a", "b", "c", "d", "e", "f"];
const kinds = fc.constantFrom("function" as const, "view" as const);
const needs = fc.uniqueArray(fc.constantFrom(...names, "elsewhere"));

/** Functions and views that need each other as they like, themselves and what is no file included. */
const definitions: fc.Arbitrary<DefinitionFile[]> = fc
  .uniqueArray(fc.tuple(kinds, fc.constantFrom(...names), needs), {
    selector: ([, name]) => name,
  })
  .map((all) => all.map(([kind, name, wanted]) => definition(kind, name, wanted)));

/** The same where each needs only what comes before it in a random order, which need not be that of the names. */
const withoutCircle: fc.Arbitrary<DefinitionFile[]> = fc
  .tuple(fc.shuffledSubarray(names), fc.infiniteStream(needs))
  .map(([order, wanted]) =>
    order.map((name, place) => {
      const before = new Set(order.slice(0, place));
      const [next = []] = wanted.take(1);
      return definition(
        "view",
        name,
        next.filter((each) => before.has(each)),
      );
    }),
  );

function definition(
  kind: "function" | "view",
  name: string,
  wanted: readonly string[],
): DefinitionFile {
  const source = sourceOf(`${kind}s/${name}.sql`, "");
  const isMaterialized = kind === "view" && name < "c";
  return { source, kind, name: `"${name}"`, isMaterialized, needs: wanted, refersTo: [] };
}

function nameOf({ source }: DefinitionFile): string {
  return basename(source.path, ".sql");
}

test("every file comes after all that it needs", () => {
  fc.assert(
    fc.property(withoutCircle, (files) => {
      const ordered = orderDefinitions(files);
      const place = new Map(ordered.map((file, index) => [nameOf(file), index]));
      const tooEarly = ordered.filter((file, index) =>
        file.needs.some((name) => (place.get(name) ?? -1) >= index),
      );
      expect(tooEarly).toEqual([]);
    }),
  );
});

test("every file is there once, also where some need each other in a circle", () => {
  fc.assert(
    fc.property(definitions, (files) => {
      expect(orderDefinitions(files).map(nameOf).toSorted()).toEqual(files.map(nameOf).toSorted());
    }),
  );
});

test("the order in which files are found makes no difference", () => {
  fc.assert(
    fc.property(definitions, (files) => {
      expect(orderDefinitions(files.toReversed())).toEqual(orderDefinitions(files));
    }),
  );
});

/** What a file and an identifier can be called: PostgreSQL cuts longer names. */
const identifier = fc
  .string({ unit: "binary", minLength: 1, maxLength: 12 })
  .filter((name) => !/[\0/\\\r]/.test(name) && name.trim() !== "");

test("a name is quoted so that the server reads the same name", () => {
  fc.assert(
    fc.property(identifier, fc.option(identifier), (name, schema) => {
      const quoted = [schema, name]
        .filter((part) => part !== null)
        .map((part) => `"${part.replaceAll('"', '""')}"`)
        .join(".");
      const sql = `create view ${quoted} as select 1 as one`;
      const file = parseDefinitionFile(sourceOf(`views/${name}.sql`, sql), "view");
      const [read] = parseStatements(`create view ${file.name} as select 1 as one`);
      expect(read && createdName(read, "view")).toEqual(
        [schema, name].filter((part) => part !== null),
      );
    }),
  );
});

test("a file of functions/ or views/ is read, or refused with a code of ours", () => {
  const piece = fc.constantFrom(
    "create or replace function f() returns int language sql as ",
    "create view f as select ",
    "create materialized view f as ",
    "$$select 1$$",
    "$$$$",
    "''",
    "select 1",
    "1",
    ";",
    "\n",
    "-- a\n",
    "'",
    "f",
    "grant execute on function f() to public",
    "😀",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
      kinds,
      (text, kind) => {
        expect(outcomeOf(text, kind)).toMatch(/^(read|DEFINITION_FILE_INVALID|MIGRATION_\w+)$/);
      },
    ),
    // What the properties have found once.
    {
      numRuns: 300,
      examples: [
        ["", "view"],
        [`${emptyBody}$$$$`, "function"],
        [`${emptyBody}''`, "function"],
      ],
    },
  );
});

const emptyBody = "create or replace function f() returns void language sql as ";

/** Anything but a CliError has no code, and would be shown as a bug of ours. */
function outcomeOf(text: string, kind: "function" | "view"): string {
  try {
    parseDefinitionFile(sourceOf(`${kind}s/f.sql`, text), kind);
    return "read";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
