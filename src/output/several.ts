import { count } from "./units.ts";
import { errorText } from "./error-report.ts";
import type { Page } from "./output.ts";
import type { ErrorReport } from "./results.ts";

/** How many objects are shown with a row for each; of more, only the remarkable ones are. */
const fewRows = 30;

/** Returns those of several objects that are worth a row. */
export function worthRows<Each>(
  all: readonly Each[],
  isRemarkable: (each: Each) => boolean,
): readonly Each[] {
  return all.length <= fewRows ? all : all.filter(isRemarkable);
}

/** Writes how many objects are in which state, "3 current, 1 failed", and leaves out the states of none. */
export function tally(
  parts: readonly (readonly [number: number, words: string, colour: (text: string) => string])[],
): string {
  return parts
    .filter(([number]) => number > 0)
    .map(([number, words, colour]) => colour(`${number} ${words}`))
    .join(", ");
}

/** Says of each failure what happened, once for all objects where it is the same. */
export function failuresText(
  all: readonly { readonly target: string; readonly error?: ErrorReport | undefined }[],
  page: Page,
): string {
  const named = new Map<string, string[]>();
  for (const { target, error } of all) {
    if (error === undefined) continue;
    const text = errorText(error, page);
    named.set(text, [...(named.get(text) ?? []), target]);
  }
  return [...named]
    .map(([text, names]) => `${page.style.heading(listed(names))}\n${text}`)
    .join("\n\n");
}

function listed(names: readonly string[]): string {
  const rest = names.length - 3;
  return names.slice(0, 3).join(", ") + (rest > 0 ? ` and ${count(rest, "other")}` : "");
}
