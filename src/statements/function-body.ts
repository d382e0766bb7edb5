import type { SyntaxNode } from "../core/sql-parser.ts";
import { option, strings, textOf } from "./syntax.ts";

/** The body of a function that is given as a string. */
export interface StringBody {
  readonly language: string;
  readonly body: string;
}

/** Returns the bodies that a statement gives as strings: one for a function that is not written with BEGIN ATOMIC. */
export function stringBodies(tree: SyntaxNode): StringBody[] {
  const language = option(tree["options"], "language");
  const as = option(tree["options"], "as");
  if (language === undefined || as === undefined) return [];
  const [body = ""] = strings(as.node["items"]);
  return [{ language: textOf(language.node["sval"]), body }];
}
