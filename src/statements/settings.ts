import type { SetStatement } from "./catalog.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import type { StatementTree } from "./names.ts";
import { nodesOf, textOf } from "./syntax.ts";

type Settings = Pick<SetStatement, "path" | "utc">;

/** Each migration begins with the search_path of the session, and with UTC. */
const initial: Settings = { path: null, utc: true };

/** Adds to the statements of one migration what SET has changed before each of them. */
export function withSettings<Statement extends StatementTree>(
  statements: readonly Statement[],
): (Statement & Settings)[] {
  let settings = initial;
  return statements.map((statement) => {
    const result = { ...statement, ...settings };
    if (statement.kind === "VariableSetStmt") settings = after(settings, statement);
    return result;
  });
}

function after(settings: Settings, { tree }: StatementTree): Settings {
  const name = textOf(tree["name"]).toLowerCase();
  if (tree["kind"] === "VAR_RESET_ALL") return initial;
  const values = tree["kind"] === "VAR_SET_VALUE" ? valuesOf(tree["args"]) : undefined;
  if (name === "search_path")
    return { ...settings, path: values?.map(quoteIdentifier).join(", ") ?? null };
  if (name === "timezone") {
    return {
      ...settings,
      utc: values === undefined || /^(?:utc|gmt|etc\/utc)$/i.test(values.join("")),
    };
  }
  return settings;
}

function valuesOf(args: unknown): string[] {
  return nodesOf(args).map(({ node }) => {
    const { sval } = (node["sval"] ?? {}) as { readonly sval?: string };
    return sval ?? "";
  });
}
