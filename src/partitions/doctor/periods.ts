/** A period between two moments in UTC, as the server writes them in JSON. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Writes a moment as a day, with the time only where it is not midnight. */
export function formatDay(moment: string): string {
  return moment.replace(/T00:00:00$/, "").replace("T", " ");
}

/** Says which rows a partition has. */
export function placeOf({ from, to }: Period): string {
  if (from === "-infinity") return `the rows before ${formatDay(to)}`;
  return `the rows from ${formatDay(from)} to ${formatDay(to)}`;
}
