import {
  addsConstraint,
  alterations,
  isRequired,
  worksOfKind,
  type Alteration,
} from "./alterations.ts";
import { workSentence } from "./live.ts";
import type { LintedStatement, LintScope, Problem, Rule } from "./rule.ts";
import { strings } from "../../statements/syntax.ts";

const foreignKeyScans: Rule = {
  id: "foreign-key-scans",
  level: "error",
  reason:
    "ADD FOREIGN KEY looks for every row in the other table, and lets nobody write to either of the two meanwhile.",
  alternative:
    "ADD CONSTRAINT … NOT VALID, which takes a moment, then VALIDATE CONSTRAINT in the next migration, which holds up nobody.",
  find: (statement, scope) =>
    scans(statement, scope, (each) => addsConstraint(each, "CONSTR_FOREIGN")),
};

const checkScans: Rule = {
  id: "check-scans",
  level: "error",
  reason: "ADD CHECK reads all rows under a lock that lets nobody read or write.",
  alternative:
    "ADD CONSTRAINT … NOT VALID, which takes a moment, then VALIDATE CONSTRAINT in the next migration, which holds up nobody.",
  find: (statement, scope) =>
    scans(
      statement,
      scope,
      (each) => addsConstraint(each, "CONSTR_CHECK") && !addsConstraint(each, "CONSTR_FOREIGN"),
    ),
};

const notNullScans: Rule = {
  id: "not-null-scans",
  level: "error",
  reason:
    "SET NOT NULL, and a primary key on a column that may be null, read all rows under a lock that lets nobody read or write.",
  alternative:
    "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in the next migration; then SET NOT NULL, which trusts the constraint, and drop it. From PostgreSQL 18 on: ADD CONSTRAINT … NOT NULL column NOT VALID, then VALIDATE CONSTRAINT.",
  find: (statement, scope) =>
    scans(
      statement,
      scope,
      (each) =>
        each.subtype === "AT_SetNotNull" ||
        addsConstraint(each, "CONSTR_PRIMARY") ||
        (each.subtype === "AT_AddConstraint" && addsConstraint(each, "CONSTR_NOTNULL")),
    ),
};

function scans(
  statement: LintedStatement,
  scope: LintScope,
  isMeant: (alteration: Alteration) => boolean,
): Problem[] {
  return alterations(statement, scope)
    .filter((each) => isMeant(each) && !isRequired(each))
    .flatMap((each) =>
      worksOfKind(each, "scan").map((work) => ({
        message: workSentence(work),
        object: each.table.text,
      })),
    );
}

const domainConstraintScans: Rule = {
  id: "domain-constraint-scans",
  level: "warning",
  reason:
    "A constraint that a domain gets is checked in all tables that have a column of it, which are locked against writes one and all.",
  alternative:
    "ALTER DOMAIN … ADD CONSTRAINT … NOT VALID holds for what is written from now on; VALIDATE CONSTRAINT in another migration checks the rest.",
  find: ({ kind, tree }, { before }) => {
    const name = strings(tree["typeName"]).at(-1) ?? "";
    const isScan =
      kind === "AlterDomainStmt" &&
      (tree["subtype"] === "O" ||
        (tree["subtype"] === "C" &&
          !JSON.stringify(tree["def"]).includes('"skip_validation":true')));
    const isNew = before.some(
      (each) =>
        each.kind === "CreateDomainStmt" && strings(each.tree["domainname"]).at(-1) === name,
    );
    return isScan && !isNew
      ? [
          {
            message: `All rows of tables with a column of the domain "${name}" are checked; meanwhile writes wait (SHARE).`,
            object: name,
          },
        ]
      : [];
  },
};

export const constraintRules: readonly Rule[] = [
  foreignKeyScans,
  checkScans,
  notNullScans,
  domainConstraintScans,
];
