import type { Failure } from "./results.ts";

/** Says why something failed, and what to do, a line each. */
export function failureLines({ message, detail, hint }: Failure): string[] {
  return [message, detail, hint].filter((line) => line !== null);
}
