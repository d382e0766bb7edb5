/** The parts of a version of Flyway, "1.2" as 1 and 2, without zeros at its end: 1.0 is 1. */
export type FlywayVersion = readonly bigint[];

export function parseFlywayVersion(text: string): FlywayVersion {
  const parts = text.split(/[._]/).map(BigInt);
  return parts.slice(0, parts.findLastIndex((part) => part !== 0n) + 1);
}

/** The version as one text for each of its spellings. */
export function flywayKey(text: string): string {
  return parseFlywayVersion(text).join(".") || "0";
}

/** Orders as Flyway does: part by part, as numbers. */
export function compareFlywayVersions(a: FlywayVersion, b: FlywayVersion): number {
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const [left = 0n, right = 0n] = [a[place], b[place]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/**
 * Makes whole numbers of versions that keep their order. Versions without a dot stay as they are. Otherwise each part
 * after the first gets three digits, and every version as many parts as the longest, at least three: 1.2 becomes
 * 01002000, 10.0.1 becomes 10000001. With eight digits or more a number counts as a timestamp, which may leave gaps.
 */
export function wholeNumbers(texts: readonly string[]): string[] {
  if (texts.every((text) => /^\d+$/.test(text))) return [...texts];
  const versions = texts.map(parseFlywayVersion);
  const length = Math.max(3, ...versions.map((version) => version.length));
  const widths = Array.from({ length: length - 1 }, (_, place) =>
    Math.max(3, ...versions.map((version) => String(version[place + 1] ?? 0n).length)),
  );
  return versions.map(([first = 0n, ...others]) => {
    const rest = widths.map((width, place) => String(others[place] ?? 0n).padStart(width, "0"));
    return `${first}${rest.join("")}`.padStart(8, "0");
  });
}
