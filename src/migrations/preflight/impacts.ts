import { strength } from "../../statements/lock-modes.ts";
import type { Impact, MigrationPlan, PlannedRelation } from "./results.ts";

/** Picks from a plan what others will feel, the heaviest first. */
export function impactsOf(migrations: MigrationPlan["migrations"]): Impact[] {
  return migrations
    .flatMap(({ version, statements }) =>
      statements.flatMap(({ line, text, relations }) =>
        relations
          .filter((relation) => isFelt(relation))
          .map((relation) => Object.assign({ version, line, statement: text }, relation)),
      ),
    )
    .toSorted(
      (one, other) =>
        strength(other.lock) - strength(one.lock) ||
        weightOfWork(other) - weightOfWork(one) ||
        (other.size ?? 0) - (one.size ?? 0),
    );
}

/** SHARE is the weakest lock for which writes have to wait; a view is locked only for a moment. */
function isFelt({ state, kind, lock, work, blockers }: PlannedRelation): boolean {
  if (state !== "present") return false;
  const holdsUp = strength(lock) >= strength("SHARE") && kind !== "view" && kind !== "other";
  return holdsUp || work.length > 0 || blockers.length > 0;
}

const weights = { rewrite: 3, "index build": 2, scan: 1, truncation: 0, drop: 0 } as const;

function weightOfWork({ work }: PlannedRelation): number {
  return Math.max(0, ...work.map(({ kind, certain }) => weights[kind] - (certain ? 0 : 0.5)));
}
