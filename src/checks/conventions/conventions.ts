import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import {
  functionConventions,
  nameConventions,
  rowSecurityConventions,
  viewConventions,
} from "../queries.ts";
import type { Found } from "../results.ts";
import { catalogRules, problemRules, type Rule } from "./rules.ts";

/** What the rules look at: something with an object, and the names and numbers behind it. */
interface Seen {
  readonly rule: string;
  readonly object: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly cure: string | null;
}

/** Looks at the schema that all migrations, functions and views together have made. */
export async function examineSchema(
  database: Database,
  findProblems: Context["findProblems"],
): Promise<readonly Found[]> {
  const problems = await findProblems(database, Object.keys(problemRules));
  const queries = [viewConventions, functionConventions, rowSecurityConventions, nameConventions];
  const rows = [];
  for (const query of queries) rows.push(...(await query(database)));
  return [
    ...problems.map(({ name, ...seen }) => found(problemRules[name], { ...seen, rule: name })),
    ...rows.map((row) => found(catalogRules[row.rule], { ...row, cure: null })),
  ];
}

function found(rule: Rule | undefined, { rule: name, object, detail, cure }: Seen): Found {
  if (rule === undefined) throw new Error(`There is no rule for "${name}".`);
  const { rule: id = name, level, say, cure: advice } = rule;
  return {
    rule: id,
    level: level(detail),
    message: say(detail),
    cure: [advice, cure].filter((part) => part !== null).join("\n"),
    location: null,
    object,
  };
}
