/** Writes the days of a period as the end of a phrase: ", 2026-01-01 to 2026-02-01"; nothing without one. */
export function describePeriod({
  from,
  to,
}: {
  readonly from: string | null;
  readonly to: string | null;
}): string {
  return from === null || to === null ? "" : `, ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
}
