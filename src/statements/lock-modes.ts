/** The lock modes of a table, the weakest first, as PostgreSQL's manual names them. */
export const lockModes = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
] as const;
export type LockMode = (typeof lockModes)[number];

/** Where the modes begin with which each one conflicts; only two conflict with less than all from there on. */
const conflictsFrom: Readonly<Record<LockMode, number>> = {
  "ACCESS SHARE": 7,
  "ROW SHARE": 6,
  "ROW EXCLUSIVE": 4,
  "SHARE UPDATE EXCLUSIVE": 3,
  SHARE: 2,
  "SHARE ROW EXCLUSIVE": 2,
  EXCLUSIVE: 1,
  "ACCESS EXCLUSIVE": 0,
};

export function strength(mode: LockMode): number {
  return lockModes.indexOf(mode);
}

export function strongest(one: LockMode, other: LockMode): LockMode {
  return strength(one) < strength(other) ? other : one;
}

/** True when two sessions cannot hold both modes on one table. */
export function conflicts(one: LockMode, other: LockMode): boolean {
  // SHARE is the one that does not conflict with itself, whatever its neighbours do.
  return strength(other) >= conflictsFrom[one] && !(one === "SHARE" && other === "SHARE");
}

/** Turns the name of a mode in pg_locks, "ShareRowExclusiveLock", into that of the manual. */
export function lockModeOf(name: string): LockMode {
  const words = name.replace(/Lock$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
  return words.toUpperCase() as LockMode;
}
