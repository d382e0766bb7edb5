/** Writes a duration, given in milliseconds, with two or three digits that matter: "8 ms", "1.25 s", "2 min 5 s", "2 min". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toPrecision(3)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = `${Math.floor(seconds / 60)} min`;
  return seconds % 60 === 0 ? minutes : `${minutes} ${seconds % 60} s`;
}

/** Writes a count with its noun: "1 migration", "2 migrations". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Writes several counts, "2 migrations and 1 file of views/", each given as number, noun and what follows the noun;
 * what there is none of is left out.
 */
export function countEach(
  ...counts: readonly (readonly [number: number, noun: string, rest?: string])[]
): string {
  return counts
    .filter(([number]) => number > 0)
    .map(([number, noun, rest = ""]) => `${count(number, noun)}${rest}`)
    .join(" and ");
}

/** Writes a moment in UTC to the second: "2026-01-31 08:15:00". */
export function formatMoment(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/** Writes a size, given in bytes, in units of 1024 as the server does, with two or three digits: "8 kB", "1.5 GB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[power]}`;
}

/** Leaves out the schema "public", which goes without saying. */
export function shortName(relation: string): string {
  return relation.replace(/^public\./, "");
}

/** Writes a time, given in milliseconds, in at most eight columns: "0.05 ms", "58.6 ms", "1.25 s", "12.4 min", "3.20 h". */
export function formatTime(milliseconds: number): string {
  if (milliseconds === 0) return "0 ms";
  const [unit, size] = timeUnits.find(([, least]) => milliseconds >= 0.9995 * least) ?? ["ms", 1];
  return `${threeDigits(milliseconds / size)} ${unit}`;
}

const timeUnits: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** Writes a number in at most six columns: "0.4", "12", "9876", "12.3k", "4.56M". */
export function formatNumber(number: number): string {
  if (number < 9.95) return String(Number(number.toFixed(1)));
  if (number < 9999.5) return String(Math.round(number));
  const [unit, size] = numberUnits.find(([, least]) => number >= 0.9995 * least) ?? ["k", 1000];
  return `${threeDigits(number / size)}${unit}`;
}

const numberUnits: readonly (readonly [unit: string, size: number])[] = [
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
];

function threeDigits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** Writes a share, given from 0 to 1, with what matters of it: "34%", "4.2%", "<0.1%". */
export function formatPercent(ratio: number): string {
  const value = 100 * ratio;
  if (value > 0 && value < 0.1) return "<0.1%";
  return `${value >= 9.95 || value === 0 ? Math.round(value) : value.toFixed(1)}%`;
}
