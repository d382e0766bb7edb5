import type { ParsedStatement, SyntaxNode } from "../core/sql-parser.ts";
import type { MigrationPart } from "./migration-file.ts";

/** Why a statement may not stand in a migration, and what to do instead. */
interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Says why a statement cannot run in that part; undefined when it can. */
export function refusalOf(statement: ParsedStatement, part: MigrationPart): Refusal | undefined {
  if (statement.kind === "TransactionStmt") {
    return {
      message: "A migration must not begin or end a transaction.",
      hint: part.transaction
        ? "Remove the statement: the migration and its record in the ledger are one transaction already."
        : "Remove the statement: with transaction:false each statement commits by itself.",
    };
  }
  if (isCopyWithClient(statement)) {
    return {
      message: "COPY from or to the client has no client here.",
      hint: "Write the rows as INSERT, or load them with psql.",
    };
  }
  const name = part.transaction ? nonTransactionalName(statement) : undefined;
  if (name === undefined) return undefined;
  return {
    message: `${name} cannot run in a transaction.`,
    hint: 'Put it into a migration of its own that begins with "-- migrate:up transaction:false".',
  };
}

function isCopyWithClient({ kind, tree }: ParsedStatement): boolean {
  return kind === "CopyStmt" && tree["filename"] === undefined;
}

/** True for a statement that PostgreSQL refuses inside a transaction block. */
export function needsNoTransaction(statement: ParsedStatement): boolean {
  return nonTransactionalName(statement) !== undefined;
}

/**
 * Returns the name of a statement that PostgreSQL refuses inside a transaction block: the callers of
 * PreventInTransactionBlock in the server's utility.c and the commands that it calls.
 */
function nonTransactionalName({ kind, tree }: ParsedStatement): string | undefined {
  const rule = rules[kind];
  return rule?.(tree);
}

const rules: Readonly<Record<string, (tree: SyntaxNode) => string | undefined>> = {
  IndexStmt: ({ concurrent }) => when(concurrent, "CREATE INDEX CONCURRENTLY"),
  DropStmt: ({ concurrent }) => when(concurrent, "DROP INDEX CONCURRENTLY"),
  ReindexStmt: ({ kind, params }) =>
    when(hasOption(params, "concurrently"), "REINDEX CONCURRENTLY") ??
    when(
      kind !== "REINDEX_OBJECT_INDEX" && kind !== "REINDEX_OBJECT_TABLE",
      "REINDEX of a schema or database",
    ),
  AlterTableStmt: ({ cmds }) =>
    when(JSON.stringify(cmds).includes('"concurrent":true'), "DETACH PARTITION CONCURRENTLY"),
  VacuumStmt: (tree) => when(tree["is_vacuumcmd"], "VACUUM"),
  ClusterStmt: ({ relation }) => when(relation === undefined, "CLUSTER of all tables"),
  CreatedbStmt: () => "CREATE DATABASE",
  DropdbStmt: () => "DROP DATABASE",
  CreateTableSpaceStmt: () => "CREATE TABLESPACE",
  DropTableSpaceStmt: () => "DROP TABLESPACE",
  AlterSystemStmt: () => "ALTER SYSTEM",
  DiscardStmt: ({ target }) => when(target === "DISCARD_ALL", "DISCARD ALL"),
};

function when(condition: unknown, name: string): string | undefined {
  return condition === true ? name : undefined;
}

function hasOption(options: unknown, name: string): boolean {
  return JSON.stringify(options ?? []).includes(`"defname":"${name}"`);
}
