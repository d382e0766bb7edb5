/** The units of PostgreSQL's settings, in milliseconds. */
const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The longest that a setting of PostgreSQL in milliseconds can be; some 24 days. */
const longestSetting = 2_147_483_647;

/**
 * Reads a duration as PostgreSQL writes it, "500ms", "3s", "1.5 min", in whole milliseconds; undefined when it is none.
 * A number alone is not accepted but for 0: settings of PostgreSQL take milliseconds then, and other tools seconds.
 * What is above 0 does not become 0, which would mean "no limit".
 */
export function parseDuration(text: string): number | undefined {
  const milliseconds = parseLongDuration(text);
  return milliseconds === undefined || milliseconds > longestSetting ? undefined : milliseconds;
}

/** Does the same for what is no setting, and may be longer. */
export function parseLongDuration(text: string): number | undefined {
  if (text.trim() === "0") return 0;
  const { value, unit = "" } =
    /^\s*(?<value>\d+(?:\.\d+)?)\s*(?<unit>[a-z]+)\s*$/.exec(text)?.groups ?? {};
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (value === undefined || factor === undefined) return undefined;
  const milliseconds = Number(value) * factor;
  return milliseconds > 0 ? Math.max(1, Math.round(milliseconds)) : 0;
}
