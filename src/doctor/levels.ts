import type { Check } from "./results.ts";

/** From the best to the worst. */
export const levels: readonly Check["level"][] = ["ok", "note", "warning", "error"];

/** True when there is something of that level, or worse. */
export function isReached(checks: readonly Check[], least: Check["level"]): boolean {
  return checks.some(({ level }) => levels.indexOf(level) >= levels.indexOf(least));
}
