import type { Level } from "../findings/results.ts";
import type { HealthResult } from "./results.ts";

/** A check that could not be made, or not for all objects, although there may be something for it to find. */
interface MissedCheck {
  readonly name: string;
  /** The worst that it can find. */
  readonly level: Level;
  readonly reason: string;
  readonly cure: string | null;
}

/** Returns the checks of which "nothing found" would say too much. */
export function missedChecks({ notChecked }: Pick<HealthResult, "notChecked">): MissedCheck[] {
  return notChecked.flatMap(({ countsAs, ...missed }) =>
    countsAs === null ? [] : [{ ...missed, level: countsAs }],
  );
}
