import { quoteIdentifier } from "../../core/identifiers.ts";
import type { ParsedStatement, SyntaxNode } from "../../core/sql-parser.ts";
import { hasOption, needsNoTransaction } from "../../project/statement-rules.ts";

/**
 * The sign in the catalog that a statement has run, for those that cannot be recorded in the transaction in which they
 * run; read by the function statement_is_done. Relations are named as SQL names them, all else by its bare name.
 */
export interface StatementEffect {
  readonly kind: string;
  readonly name?: string;
  readonly relation?: string;
  readonly parent?: string;
}

/** How a statement of a migration without a transaction is run. */
export interface StatementManner {
  /** In a transaction of its own together with its row in the journal, so that one is never without the other. */
  readonly recordedWithin: boolean;
  /** May have committed a part of its work when it fails, so that it is not tried again without being asked. */
  readonly mayCommit: boolean;
  /** Waits for other transactions as part of its work: a lock timeout would leave an invalid index or a half detached partition. */
  readonly concurrent: boolean;
  /** Changes the session that a run goes on in, so that a later run that goes on has to run it too. */
  readonly setsSession: boolean;
  readonly effect: StatementEffect | undefined;
}

/**
 * Tells how to run a statement. CALL and DO may commit, and then run in no transaction but their own; so does REINDEX, of
 * which only the catalog tells whether its table is partitioned.
 */
export function mannerOf(statement: ParsedStatement): StatementManner {
  const { kind, tree } = statement;
  const effect = effects[kind]?.(tree);
  const mayCommit = kind === "CallStmt" || kind === "DoStmt";
  return {
    recordedWithin: !needsNoTransaction(statement) && !mayCommit && kind !== "ReindexStmt",
    mayCommit,
    concurrent: ["create index", "drop index", "reindex", "detach partition"].includes(
      effect?.kind ?? "",
    ),
    setsSession: kind === "VariableSetStmt" || kind === "DiscardStmt",
    effect,
  };
}

type EffectOf = (tree: SyntaxNode) => StatementEffect | undefined;

const effects: Readonly<Record<string, EffectOf>> = {
  IndexStmt: ({ concurrent, idxname, relation }) =>
    concurrent === true
      ? { kind: "create index", name: String(idxname), relation: relationName(relation) }
      : undefined,
  DropStmt: ({ concurrent, objects }) =>
    concurrent === true ? { kind: "drop index", relation: listedName(objects) } : undefined,
  ReindexStmt: ({ relation, params }) =>
    hasOption(params, "concurrently")
      ? {
          kind: "reindex",
          ...(relation !== undefined && { relation: relationName(relation) }),
        }
      : undefined,
  AlterTableStmt: ({ relation, cmds }) => {
    const partition = detachedPartition(cmds);
    return partition === undefined
      ? undefined
      : {
          kind: "detach partition",
          relation: relationName(partition),
          parent: relationName(relation),
        };
  },
  CreatedbStmt: ({ dbname }) => ({ kind: "create database", name: String(dbname) }),
  DropdbStmt: ({ dbname }) => ({ kind: "drop database", name: String(dbname) }),
  CreateTableSpaceStmt: ({ tablespacename }) => ({
    kind: "create tablespace",
    name: String(tablespacename),
  }),
  DropTableSpaceStmt: ({ tablespacename }) => ({
    kind: "drop tablespace",
    name: String(tablespacename),
  }),
  CreateSubscriptionStmt: ({ subname }) => ({ kind: "create subscription", name: String(subname) }),
};

interface DetachCommand {
  readonly AlterTableCmd: {
    readonly def?: {
      readonly PartitionCmd?: { readonly name: unknown; readonly concurrent?: boolean };
    };
  };
}

function detachedPartition(commands: unknown): unknown {
  const found = (commands as readonly DetachCommand[]).find(
    ({ AlterTableCmd: { def } }) => def?.PartitionCmd?.concurrent === true,
  );
  return found?.AlterTableCmd.def?.PartitionCmd?.name;
}

function relationName(relation: unknown): string {
  const { schemaname, relname } = relation as { schemaname?: string; relname: string };
  return [schemaname, relname]
    .filter((part) => part !== undefined)
    .map(quoteIdentifier)
    .join(".");
}

interface NameList {
  readonly List: { readonly items: readonly { readonly String: { readonly sval: string } }[] };
}

function listedName(objects: unknown): string {
  const [first] = objects as readonly NameList[];
  return (first?.List.items ?? []).map(({ String: { sval } }) => quoteIdentifier(sval)).join(".");
}
