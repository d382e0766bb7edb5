import {
  parseStatements,
  SyntaxProblem,
  type ParsedStatement,
  type SyntaxNode,
} from "../core/sql-parser.ts";
import type { MigrationPart } from "./migration-file.ts";
import { copyWithoutClient, isCopyWithClient } from "../core/statements.ts";

/** Why a statement may not stand in a migration, and what to do instead. */
interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** Says why a statement cannot run in that part; undefined when it can. */
export function refusalOf(statement: ParsedStatement, part: MigrationPart): Refusal | undefined {
  if (controlsTransaction(statement)) return transactionRefusal(part);
  if (isCopyWithClient(statement)) return copyWithoutClient;
  if (!part.transaction && isNamelessIndex(statement)) return namelessRefusal;
  const name = part.transaction ? nonTransactionalName(statement) : undefined;
  if (name === undefined) return undefined;
  return {
    message: `PostgreSQL does not run ${name} in a transaction.`,
    hint: 'Put it into a migration of its own whose first line is "-- migrate:up transaction:false" (for the way back: "-- migrate:down transaction:false").',
  };
}

/** After an interruption nobody could tell which of a table's indexes it was. */
function isNamelessIndex({ kind, tree }: ParsedStatement): boolean {
  return kind === "IndexStmt" && tree["concurrent"] === true && tree["idxname"] === undefined;
}

const namelessRefusal: Refusal = {
  message: "An index that is built concurrently needs a name here.",
  hint: "Give it one: a run that goes on after an interruption finds it by its name, and drops what is left of it.",
};

/** SET TRANSACTION too: the transaction has begun long before the statement runs. */
function controlsTransaction({ kind, tree }: ParsedStatement): boolean {
  return (
    kind === "TransactionStmt" || (kind === "VariableSetStmt" && tree["name"] === "TRANSACTION")
  );
}

function transactionRefusal({ transaction }: MigrationPart): Refusal {
  return {
    message: "A migration must not control the transaction.",
    hint: transaction
      ? "Remove the statement: the migration and its record in the ledger are one transaction already."
      : "Remove the statement: with transaction:false each statement commits by itself.",
  };
}

/** True for a statement that PostgreSQL refuses inside a transaction block. */
export function needsNoTransaction(statement: ParsedStatement): boolean {
  return nonTransactionalName(statement) !== undefined;
}

/**
 * True for SQL without a statement that PostgreSQL refuses inside a transaction block, and for text that the parser
 * cannot read: the server is to say what is wrong with it. The SQL parser must be loaded.
 */
export function runsInTransaction(sql: string): boolean {
  try {
    return !parseStatements(sql).some(needsNoTransaction);
  } catch (error) {
    if (error instanceof SyntaxProblem) return true;
    throw error;
  }
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
  AlterDatabaseStmt: ({ options }) =>
    when(hasOption(options, "tablespace"), "ALTER DATABASE … SET TABLESPACE"),
  CreateSubscriptionStmt: ({ options }) =>
    when(!isOff(options, "create_slot") && !isOff(options, "connect"), "CREATE SUBSCRIPTION"),
  AlterSubscriptionStmt: ({ kind, options }) =>
    when(
      kind === "ALTER_SUBSCRIPTION_REFRESH" ||
        kind === "ALTER_SUBSCRIPTION_REFRESH_PUBLICATION" ||
        (setsPublications.has(String(kind)) && !isOff(options, "refresh")),
      "ALTER SUBSCRIPTION with a refresh",
    ),
  DiscardStmt: ({ target }) => when(target === "DISCARD_ALL", "DISCARD ALL"),
};

const setsPublications = new Set([
  "ALTER_SUBSCRIPTION_SET_PUBLICATION",
  "ALTER_SUBSCRIPTION_ADD_PUBLICATION",
  "ALTER_SUBSCRIPTION_DROP_PUBLICATION",
]);

function when(condition: unknown, name: string): string | undefined {
  return condition === true ? name : undefined;
}

interface Option {
  readonly defname: string;
  readonly arg?: SyntaxNode;
}

function findOption(options: unknown, name: string): Option | undefined {
  const list = (options ?? []) as readonly { readonly DefElem: Option }[];
  return list.map(({ DefElem }) => DefElem).find(({ defname }) => defname === name);
}

/** True when an option is given and not turned off; alone it is on. */
export function hasOption(options: unknown, name: string): boolean {
  return findOption(options, name) !== undefined && !isOff(options, name);
}

/** True when an option is turned off: false and off, with or without quotes, or 0, which the parser leaves out. */
function isOff(options: unknown, name: string): boolean {
  const argument = JSON.stringify(findOption(options, name)?.arg ?? {});
  return /"(?:false|off)"|\{"Integer":\{\}\}/i.test(argument);
}
