import { accessRules } from "./access-rules.ts";
import { columnRules } from "./column-rules.ts";
import { constraintRules } from "./constraint-rules.ts";
import { dataRules } from "./data-rules.ts";
import { indexRules } from "./index-rules.ts";
import { partitionRules } from "./partition-rules.ts";
import { removalRules } from "./removal-rules.ts";
import { renameRules } from "./rename-rules.ts";
import { rewriteRules } from "./rewrite-rules.ts";
import type { Rule } from "./rule.ts";
import { transactionRules } from "./transaction-rules.ts";

/** A heading of docs/rules/README.md, and the rules below it. */
interface RuleGroup {
  readonly title: string;
  readonly rules: readonly Rule[];
}

export const ruleGroups: readonly RuleGroup[] = [
  { title: "Indexes", rules: indexRules },
  { title: "Constraints", rules: constraintRules },
  { title: "Tables that are written anew", rules: rewriteRules },
  { title: "Partitions", rules: partitionRules },
  { title: "Transactions", rules: transactionRules },
  { title: "Rows", rules: dataRules },
  { title: "What programs rely on", rules: [...removalRules, ...renameRules] },
  { title: "Columns and names", rules: columnRules },
  { title: "Rights and settings", rules: accessRules },
];

export const rules: readonly Rule[] = ruleGroups.flatMap((group) => group.rules);
