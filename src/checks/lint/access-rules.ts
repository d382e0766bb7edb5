import { parseDuration } from "../../core/duration.ts";
import { nodesOf, option, textOf } from "../../statements/syntax.ts";
import { alterations } from "./alterations.ts";
import { named } from "./live.ts";
import type { LintedStatement, LintScope, Rule } from "./rule.ts";

const passwordLiteral: Rule = {
  id: "password-literal",
  level: "error",
  reason:
    "A password in a migration is in the repository, in the ledger's copy of the statements, and in the server's log.",
  alternative:
    "A variable of the environment, :'app_password', whose value is not recorded; or a SCRAM verifier as the server makes it.",
  find: ({ kind, tree, isFilled }) => {
    const text = secretIn({ kind, tree });
    return text !== undefined && text !== "" && !isFilled && !isVerifier(text)
      ? [{ message: "The statement contains a password." }]
      : [];
  },
};

function secretIn({ kind, tree }: Pick<LintedStatement, "kind" | "tree">): string | undefined {
  switch (kind) {
    case "CreateRoleStmt":
    case "AlterRoleStmt":
    case "CreateUserMappingStmt":
    case "AlterUserMappingStmt":
      return textOf(option(tree["options"], "password")?.node["sval"]);
    case "CreateSubscriptionStmt":
    case "AlterSubscriptionStmt":
      return /\bpassword\s*=\s*(\S+)/.exec(textOf(tree["conninfo"]))?.[1];
    default:
      return undefined;
  }
}

/** As get_password_type in the server's crypt.c. */
function isVerifier(text: string): boolean {
  return text.startsWith("SCRAM-SHA-256$") || /^md5[0-9a-f]{32}$/.test(text);
}

const grantToPublic: Rule = {
  id: "grant-to-public",
  level: "warning",
  reason: "PUBLIC is every role that there is and that there will be.",
  alternative: "A role for the purpose, which is granted to those who need it.",
  find: ({ kind, tree }) => {
    const isToPublic = nodesOf(tree["grantees"]).some(
      ({ node }) => node["roletype"] === "ROLESPEC_PUBLIC",
    );
    return kind === "GrantStmt" && tree["is_grant"] === true && isToPublic
      ? [{ message: "Every role gets the right." }]
      : [];
  },
};

const grantAll: Rule = {
  id: "grant-all",
  level: "warning",
  reason:
    "ALL on a table is also TRUNCATE, REFERENCES and TRIGGER, and whatever a later version of PostgreSQL adds.",
  alternative: "The rights that are needed, by name: GRANT SELECT, INSERT, UPDATE, DELETE ON ….",
  find: ({ kind, tree }) =>
    kind === "GrantStmt" &&
    tree["is_grant"] === true &&
    tree["privileges"] === undefined &&
    tree["objtype"] === "OBJECT_TABLE"
      ? [{ message: "All rights on the table are given." }]
      : [],
};

const triggersOff: Rule = {
  id: "triggers-off",
  level: "warning",
  reason:
    "While triggers do not fire, foreign keys are not checked and nothing else they do is done.",
  alternative:
    "Change the rows with the triggers on; or enable them again in the same migration, and check what they would have.",
  find: (statement, scope) => {
    const { kind, tree } = statement;
    const isReplica =
      kind === "VariableSetStmt" &&
      tree["name"] === "session_replication_role" &&
      settingOf(tree) === "replica";
    if (isReplica)
      return [{ message: "No trigger fires from here on, and no foreign key is checked." }];
    return alterations(statement, scope)
      .filter(({ subtype }) => disabling.has(subtype) && !isEnabledLater(statement, scope))
      .map(({ table, name }) => ({
        message: `${name === undefined ? "The triggers" : `Trigger "${name}"`} of ${named(table)} stay disabled.`,
        object: table.text,
      }));
  },
};

const disabling = new Set(["AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser"]);

function isEnabledLater({ tree }: LintedStatement, scope: LintScope): boolean {
  const relation = JSON.stringify(nameOnly(tree["relation"]));
  return scope
    .after()
    .some(
      (each) =>
        each.kind === "AlterTableStmt" &&
        JSON.stringify(nameOnly(each.tree["relation"])) === relation &&
        JSON.stringify(each.tree["cmds"]).includes('"AT_Enable'),
    );
}

function nameOnly(range: unknown): unknown[] {
  const { schemaname, relname } = range as Record<string, unknown>;
  return [schemaname, relname];
}

const lockTimeoutOff: Rule = {
  id: "lock-timeout-off",
  level: "warning",
  reason:
    "A statement that waits for a lock lets all others wait that come after it; the run gives up after 3 seconds and tries again, unless the migration says otherwise.",
  alternative: "Leave the statement out; migrate has --lock-timeout for the run.",
  find: ({ kind, tree }) =>
    kind === "VariableSetStmt" &&
    tree["name"] === "lock_timeout" &&
    tree["kind"] === "VAR_SET_VALUE" &&
    isLong(settingOf(tree))
      ? [{ message: "From here on the migration waits for locks longer than 3 seconds." }]
      : [],
};

/** The value of SET as text. */
function settingOf(tree: LintedStatement["tree"]): string {
  const [first] = nodesOf(tree["args"]);
  const { sval, ival } = (first?.node ?? {}) as {
    readonly sval?: { readonly sval?: string };
    readonly ival?: { readonly ival?: number };
  };
  return sval?.sval ?? String(ival?.ival ?? 0);
}

/** A number alone means milliseconds. */
function isLong(setting: string): boolean {
  const time = parseDuration(/^\d+$/.test(setting) ? `${setting}ms` : setting);
  return time === 0 || (time ?? 0) > usual;
}

/** What a run waits for a lock unless it is told otherwise, in milliseconds. */
const usual = 3000;

export const accessRules: readonly Rule[] = [
  passwordLiteral,
  grantToPublic,
  grantAll,
  triggersOff,
  lockTimeoutOff,
];
