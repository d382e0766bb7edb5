import { globExpression } from "../../core/glob.ts";
import type { Difference, DriftResult } from "./results.ts";

/** The differences that count, and how many each pattern has kept back. */
export interface Sifted {
  readonly differences: readonly Difference[];
  readonly ignored: DriftResult["ignored"];
}

/**
 * Takes out the differences whose object a pattern names, alone or after its kind, with or without "public."; with a
 * table goes what hangs on it.
 */
export function siftDifferences(
  differences: readonly Difference[],
  patterns: readonly string[],
): Sifted {
  const rules = patterns.map((pattern) => ({ pattern, expression: globExpression(pattern) }));
  const hits = differences.map((difference) => {
    const names = namesOf(difference);
    return rules.filter(({ expression }) => names.some((name) => expression.test(name)));
  });
  return {
    differences: differences.filter((_difference, place) => hits[place]?.length === 0),
    ignored: rules.map((rule) => ({
      pattern: rule.pattern,
      differences: hits.filter((each) => each.includes(rule)).length,
    })),
  };
}

function namesOf({ kind, name, relation }: Difference): string[] {
  return [name, `${kind} ${name}`, ...(relation === null ? [] : [relation])].flatMap((text) => [
    text,
    text.replace(/^(.* )?public\./, "$1"),
  ]);
}
