import { findRange } from "../../statements/footprint.ts";
import { nodesOf } from "../../statements/syntax.ts";
import { alterations } from "./alterations.ts";
import { indexSentence, isLive, liveTouches, named, waitingFor, workSentence } from "./live.ts";
import type { Rule } from "./rule.ts";

const partitionOfLiveParent: Rule = {
  id: "partition-of-live-parent",
  level: "warning",
  reason:
    "CREATE TABLE … PARTITION OF takes a lock on the parent for which it waits until nobody uses the table, and all who come after it wait behind it.",
  alternative:
    "CREATE TABLE … (LIKE parent INCLUDING ALL), then ALTER TABLE parent ATTACH PARTITION, during which others read and write; or SELECT create_monthly_partition(…).",
  find: ({ kind, tree }, scope) => {
    if (kind !== "CreateStmt" || tree["partbound"] === undefined) return [];
    return nodesOf(tree["inhRelations"])
      .map(({ node }) => findRange(scope, node))
      .filter(isLive)
      .map((parent) => {
        const preset = scope.catalog.get(parent.default_partition);
        const scan =
          preset === undefined
            ? ""
            : `, and until all rows of the default partition ${named(preset)} have been read`;
        const message = `${named(parent)} is locked until the migration ends${scan}: ${waitingFor("ACCESS EXCLUSIVE")}.`;
        return { message, object: parent.text };
      });
  },
};

const attachWithoutCheck: Rule = {
  id: "attach-without-check",
  level: "error",
  reason:
    "ATTACH PARTITION reads all rows of the table that is attached, and of the default partition, under a lock that lets nobody read or write them.",
  alternative:
    "First ADD CONSTRAINT … CHECK that says what the bounds say, with NOT VALID, and VALIDATE it in the next migration: a constraint that implies the bounds spares the reading. The default partition needs one that excludes them. Give the table the indexes and the foreign keys of the parent before.",
  find: (statement, scope) => {
    const isAttached = alterations(statement, scope).some(
      ({ subtype }) => subtype === "AT_AttachPartition",
    );
    if (!isAttached) return [];
    return liveTouches(statement).flatMap(({ relation, work: all, lock }) =>
      all
        .filter(({ certain }) => certain)
        .map((work) => {
          const sentence = work.kind === "scan" ? workSentence : indexSentence;
          return { message: sentence({ tables: [relation], work, lock }), object: relation.text };
        }),
    );
  },
};

const detachNotConcurrent: Rule = {
  id: "detach-not-concurrent",
  level: "warning",
  reason:
    "DETACH PARTITION takes a lock on the parent for which it waits until nobody uses the table, and all who come after it wait behind it.",
  alternative:
    "DETACH PARTITION … CONCURRENTLY, in a migration whose first line is -- migrate:up transaction:false; or doramaflix-db partitions retire. PostgreSQL refuses it where there is a default partition.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(
        ({ subtype, definition, table }) =>
          subtype === "AT_DetachPartition" &&
          definition["concurrent"] !== true &&
          scope.catalog.get(table.default_partition) === undefined,
      )
      .map(({ table }) => ({
        message: `${named(table)} is locked until the migration ends: ${waitingFor("ACCESS EXCLUSIVE")}.`,
        object: table.text,
      })),
};

export const partitionRules: readonly Rule[] = [
  partitionOfLiveParent,
  attachWithoutCheck,
  detachNotConcurrent,
];
