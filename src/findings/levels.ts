import { Level } from "./results.ts";

interface WithLevel {
  readonly level: Level;
}

/** True when there is a finding of that level, or a worse one. */
export function isReached(findings: readonly WithLevel[], least: Level): boolean {
  const limit = Level.options.indexOf(least);
  return findings.some(({ level }) => Level.options.indexOf(level) <= limit);
}

/** Puts the worst first; otherwise leaves them as they were found. */
export function byLevel(one: WithLevel, other: WithLevel): number {
  return Level.options.indexOf(one.level) - Level.options.indexOf(other.level);
}
