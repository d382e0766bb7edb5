import { basename } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  loadSqlParser,
  parseStatements,
  type ParsedStatement,
  type SyntaxNode,
} from "../../src/core/sql-parser.ts";
import { filesBelow, textOf } from "./files.ts";

/**
 * The functions without a SET clause for search_path, and why. Under such a clause the statements that a function runs
 * for its caller could not see the caller's path, and a procedure could not commit.
 */
const withoutSetClause: Readonly<Record<string, string>> = {
  apply_definition:
    "runs statements of the project under the caller's path; pins its own with set_config",
  apply_definitions: "calls apply_definition; qualifies every name",
  apply_migration:
    "runs statements of the project under the caller's path; pins its own with set_config",
  apply_migrations: "commits between migrations; qualifies every name",
  begin_migration: "runs once for each migration of a batch; qualifies every name",
  begin_statement:
    "looks at what its statement names along the caller's path; qualifies every name",
  clear_session: "resets the session's settings, search_path among them; qualifies every name",
  create_partitions: "commits between partitions; qualifies every name",
  end_migration: "resets the session's settings, search_path among them; qualifies every name",
  objects_named: "looks names up along a given path, then pins its own with set_config",
  qualified_types: "looks names up along a given path, then pins its own with set_config",
  refresh_materialized_view: "gives the caller's path to what it calls; qualifies every name",
  refresh_materialized_views: "gives the caller's path to what it calls; qualifies every name",
  restore_definitions: "runs statements of the project under the recorded path",
  rollback_migration:
    "runs statements of the project under the caller's path; pins its own with set_config",
  rollback_migrations: "commits between migrations; qualifies every name",
  statement_is_done: "looks names up along the caller's path, then pins its own with set_config",
  statement_leftovers: "looks names up along the caller's path, then pins its own with set_config",
  set_session: "sets the session's settings, search_path among them; qualifies every name",
  run_backfill_batch:
    "runs the statement of a backfill under the caller's path; qualifies every name",
  run_statements: "runs statements of the project under a given path",
};

beforeAll(async () => loadSqlParser());

const files = filesBelow("sql/engine");
const functionFiles = files.filter((path) => path.includes("/functions/"));
const tableFiles = files.filter((path) => path.includes("/tables/"));

test("every file of the engine is a function or a table of a feature", () => {
  expect(
    files.filter((path) => !/^sql\/engine\/[a-z-]+\/(functions|tables)\/[a-z_]+\.sql$/.test(path)),
  ).toEqual([]);
  expect(functionFiles.length).toBeGreaterThan(0);
  expect(tableFiles.length).toBeGreaterThan(0);
});

describe.each(functionFiles)("%s", (path) => {
  const name = basename(path, ".sql");

  test("creates or replaces the one function or procedure of its name, in public", () => {
    const created = statements(path, "CreateFunctionStmt");
    expect(created.map(({ tree }) => [strings(tree["funcname"]), tree["replace"]])).toEqual([
      [["public", name], true],
    ]);
  });

  test("begins with the sentence that is its comment", () => {
    expect(comments(path, ["OBJECT_FUNCTION", "OBJECT_PROCEDURE"])).toEqual([headline(path)]);
  });

  test("pins search_path, or is listed with the reason", () => {
    const pins = options(path).some(({ defname, arg }) => {
      const set = (arg as { VariableSetStmt?: SyntaxNode } | undefined)?.VariableSetStmt;
      return defname === "set" && set?.["name"] === "search_path";
    });
    expect(pins).toBe(!(name in withoutSetClause));
  });

  test("is not for everyone to call if it can change anything", () => {
    const volatility = options(path).find(({ defname }) => defname === "volatility");
    const isVolatile = (strings([volatility?.["arg"]])[0] ?? "volatile") === "volatile";
    const revoked = statements(path, "GrantStmt").some(
      ({ tree }) =>
        tree["is_grant"] !== true && JSON.stringify(tree["grantees"]).includes("ROLESPEC_PUBLIC"),
    );
    expect(revoked || !isVolatile).toBe(true);
  });
});

describe.each(tableFiles)("%s", (path) => {
  test("creates the one table of its name, in public", () => {
    const relations = statements(path, "CreateStmt").map(({ tree }) => tree["relation"]);
    expect(relations).toMatchObject([{ schemaname: "public", relname: basename(path, ".sql") }]);
  });

  test("begins with the sentence that is its comment", () => {
    expect(comments(path, ["OBJECT_TABLE"])).toEqual([headline(path)]);
  });
});

test("the list of functions without a SET clause names no other", () => {
  const names = new Set(functionFiles.map((path) => basename(path, ".sql")));
  expect(Object.keys(withoutSetClause).filter((name) => !names.has(name))).toEqual([]);
});

function statements(path: string, kind: string): ParsedStatement[] {
  return parseStatements(textOf(path)).filter((statement) => statement.kind === kind);
}

function comments(path: string, objects: readonly string[]): unknown[] {
  return statements(path, "CommentStmt")
    .filter(({ tree }) => objects.includes(String(tree["objtype"])))
    .map(({ tree }) => tree["comment"]);
}

/** Returns the first paragraph of the comment that a file begins with. */
function headline(path: string): string {
  const lines = textOf(path).split("\n");
  const end = lines.findIndex((line) => !/^-- \S/.test(line));
  return lines
    .slice(0, end)
    .map((line) => line.slice(3))
    .join(" ");
}

function options(path: string): SyntaxNode[] {
  return statements(path, "CreateFunctionStmt").flatMap(({ tree }) =>
    ((tree["options"] ?? []) as { DefElem: SyntaxNode }[]).map(({ DefElem }) => DefElem),
  );
}

function strings(nodes: unknown): string[] {
  return ((nodes ?? []) as ({ String?: { sval: string } } | undefined)[]).flatMap(
    (node) => node?.String?.sval ?? [],
  );
}
