import { quoteIdentifier } from "../core/identifiers.ts";
import { basename } from "node:path";
import type { CliError } from "../core/errors.ts";
import {
  createdName,
  namesInBody,
  namesInSqlBody,
  namesInTree,
  type DefinitionKind,
} from "./definition-names.ts";
import { invalidFile } from "../core/invalid-file.ts";
import type { SourceText } from "../core/source-text.ts";
import { statementsIn, type PlacedStatement } from "../core/statements.ts";
import { stringBodies } from "../statements/function-body.ts";

/** A file of functions/ or views/, read as docs/migration-format.md says. */
export interface DefinitionFile {
  readonly source: SourceText;
  readonly kind: DefinitionKind;
  /** The object's name as an identifier, with its schema if the file gives one. */
  readonly name: string;
  readonly isMaterialized: boolean;
  /** Names that must exist before the file can be applied. */
  readonly needs: readonly string[];
  /** Names in function bodies, which PostgreSQL looks up only when the function runs. */
  readonly refersTo: readonly string[];
}

/** Statements that may stand beside the one that creates the object. */
const companions = {
  function: ["GrantStmt", "CommentStmt", "AlterFunctionStmt", "AlterOwnerStmt"],
  view: [
    "GrantStmt",
    "CommentStmt",
    "AlterTableStmt",
    "AlterOwnerStmt",
    "IndexStmt",
    "CreateTrigStmt",
  ],
};

const contents = {
  function:
    "A file of functions/ holds one CREATE OR REPLACE FUNCTION or PROCEDURE, and its GRANT, COMMENT and ALTER.",
  view: "A file of views/ holds one CREATE OR REPLACE VIEW or CREATE MATERIALIZED VIEW, and its indexes, GRANT, COMMENT and ALTER.",
};

/** Reads a file of functions/ or views/; throws DEFINITION_FILE_INVALID. The SQL parser must be loaded. */
export function parseDefinitionFile(source: SourceText, kind: DefinitionKind): DefinitionFile {
  const statements = statementsIn(source, source.text, 0);
  refuseOtherStatements(statements, source, kind);
  const name = nameOfObject(statements, source, kind);
  const creators = statements.filter((statement) => createdName(statement, kind) !== undefined);
  refuseIfNotExists(creators, source);
  const bodies = creators.flatMap(({ tree }) => stringBodies(tree));
  const needs = [
    ...statements.flatMap(({ tree }) => namesInTree(tree)),
    ...bodies.flatMap((body) => namesInSqlBody(body, source)),
  ];
  return {
    source,
    kind,
    name: name.map(quoteIdentifier).join("."),
    isMaterialized: creators.some(({ tree }) => tree["objtype"] === "OBJECT_MATVIEW"),
    needs: [...new Set(needs)],
    refersTo: [...new Set(bodies.flatMap(namesInBody))],
  };
}

function refuseOtherStatements(
  statements: readonly PlacedStatement[],
  source: SourceText,
  kind: DefinitionKind,
): void {
  const other = statements.find(
    (statement) =>
      createdName(statement, kind) === undefined && !companions[kind].includes(statement.kind),
  );
  if (other === undefined) return;
  throw invalid(source, {
    index: other.index,
    message: `This statement does not belong into ${kind}s/.`,
    hint: `${contents[kind]} Everything else belongs into a migration.`,
  });
}

/** Returns the name, schema first, of the one object that a file creates; it is that of the file. */
function nameOfObject(
  statements: readonly PlacedStatement[],
  source: SourceText,
  kind: DefinitionKind,
): string[] {
  const fileName = basename(source.path, ".sql");
  let name: string[] | undefined;
  for (const statement of statements) {
    const created = createdName(statement, kind);
    if (created !== undefined && created.at(-1) !== fileName) {
      throw invalid(source, {
        index: statement.index,
        message: `The file of the ${kind} "${fileName}" creates the ${kind} "${created.at(-1)}".`,
        hint: `Each ${kind} has a file of its own, with its name: ${kind}s/${created.at(-1)}.sql.`,
      });
    }
    name ??= created;
  }
  if (name !== undefined) return name;
  throw invalid(source, {
    index: 0,
    message: `The file creates no ${kind}.`,
    hint: `${contents[kind]} If the ${kind} is to go, delete the file and drop the ${kind} in a migration.`,
  });
}

function refuseIfNotExists(creators: readonly PlacedStatement[], source: SourceText): void {
  const creator = creators.find(({ tree }) => tree["if_not_exists"] === true);
  if (creator === undefined) return;
  throw invalid(source, {
    index: creator.index,
    message: "With IF NOT EXISTS a changed file would change nothing.",
    hint: "Leave IF NOT EXISTS out: when the file has changed, the object is dropped and created again.",
  });
}

function invalid(source: SourceText, problem: Parameters<typeof invalidFile>[2]): CliError {
  return invalidFile("DEFINITION_FILE_INVALID", source, problem);
}
