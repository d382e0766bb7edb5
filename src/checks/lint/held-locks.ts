import { strength } from "../../statements/lock-modes.ts";
import type { Touch } from "../../statements/footprint.ts";
import { holdsUp, liveTouches } from "./live.ts";
import type { LintedStatement, LintScope } from "./rule.ts";

/** A lock that makes others wait, and the statement that took it. */
export interface HeldLock extends Pick<Touch, "relation" | "lock"> {
  readonly by: LintedStatement;
}

/** The locks that the transaction holds when a statement begins, the heaviest first. */
export function heldLocks({ before, transaction }: LintScope): HeldLock[] {
  if (!transaction) return [];
  return before
    .flatMap((by) =>
      liveTouches(by)
        .filter(({ lock }) => holdsUp(lock))
        .map(({ relation, lock }) => ({ relation, lock, by })),
    )
    .toSorted((one, other) => strength(other.lock) - strength(one.lock));
}
