import { locationAt } from "../../core/source-text.ts";
import { placeInFile } from "../../core/variables.ts";
import type { Database } from "../../db/database.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import { readCatalog, type Catalog } from "../../statements/catalog.ts";
import { applyChanges } from "../../statements/changes.ts";
import { withSettings } from "../../statements/settings.ts";
import { footprintOf } from "../../statements/statement-locks.ts";
import type { Found } from "../results.ts";
import { ignoresOf, type Ignore } from "./ignores.ts";
import type { LintedStatement, LintScope, Rule } from "./rule.ts";
import { rules } from "./rules.ts";

/**
 * Looks at a migration statement by statement, in a database as it is before the migration: what is there is in use, and
 * what the migration itself makes is not. Asks the database once; changes nothing. The SQL parser must be loaded.
 */
export async function lintMigration(
  database: Database,
  migration: CheckedMigration,
  serverVersion: number,
): Promise<Found[]> {
  const settled = withSettings(migration.statements);
  const catalog = await readCatalog(database, settled, serverVersion);
  const ignores = ignoresOf(migration);
  const used = new Set<Ignore>();
  const found = walk(migration, catalog).flatMap((each) => {
    const ignore = ignores.find(
      ({ rule, statement }) => rule === each.rule.id && statement === each.statement,
    );
    if (ignore === undefined) return [each];
    used.add(ignore);
    return [];
  });
  return [
    ...found.map((each) => foundAt(migration, each)),
    ...ignores.flatMap((each) => ignoreProblems(migration, each, used.has(each))),
  ];
}

const rowStatements = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "CopyStmt"]);

interface Hit {
  readonly rule: Rule;
  /** Which statement of the migration it is. */
  readonly statement: number;
  readonly message: string;
  readonly object?: string | undefined;
}

function walk({ source, up, statements }: CheckedMigration, catalog: Catalog): Hit[] {
  const settled = withSettings(statements);
  const before: LintedStatement[] = [];
  const lineOf = ({ index }: LintedStatement): number =>
    locationAt(source, placeInFile(up, index)).line;
  return settled.flatMap((statement, place) => {
    const { path, utc, index, statement: text } = statement;
    const scope: LintScope = {
      catalog,
      utc,
      find: (name) => catalog.find(name, path),
      before,
      after: () => settled.slice(place + 1),
      transaction: up.transaction,
      lineOf,
    };
    const original = source.text.slice(
      placeInFile(up, index),
      placeInFile(up, index + text.length),
    );
    const linted = {
      ...statement,
      text,
      isFilled: original !== text,
      footprint: footprintOf(statement, scope),
    };
    const hits = rules.flatMap((rule) =>
      rule
        .find(linted, scope)
        .map(({ message, object }) => ({ rule, statement: place, message, object })),
    );
    applyChanges(catalog, statement);
    if (!rowStatements.has(statement.kind)) before.push(linted);
    return hits;
  });
}

function foundAt(
  { source, up, statements }: CheckedMigration,
  { rule, statement, message, object }: Hit,
): Found {
  const { file, line, column } = locationAt(
    source,
    placeInFile(up, statements[statement]?.index ?? 0),
  );
  return {
    rule: rule.id,
    level: rule.level,
    message: `${message} ${rule.reason}`,
    cure: rule.alternative,
    location: { file, line, column },
    object: object ?? null,
  };
}

function ignoreProblems(
  { source }: CheckedMigration,
  { rule, reason, place }: Ignore,
  isUsed: boolean,
): Found[] {
  const { file, line, column } = locationAt(source, place);
  const found = { level: "warning" as const, location: { file, line, column }, object: null };
  if (!isUsed) {
    const isKnown = rules.some(({ id }) => id === rule);
    const message = isKnown
      ? `Nothing here is found by the rule "${rule}".`
      : `There is no rule "${rule}".`;
    return [
      { ...found, rule: "unused-ignore", message, cure: "Remove the comment, or correct it." },
    ];
  }
  return reason === ""
    ? [
        {
          ...found,
          rule: "ignore-without-reason",
          message: `The comment keeps back "${rule}" and does not say why.`,
          cure: "Say on the same line why it is no danger here.",
        },
      ]
    : [];
}
