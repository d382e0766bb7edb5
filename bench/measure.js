import { spawnSync } from "node:child_process";

/** Runs a command to its end and returns its wall time in milliseconds; a command that fails ends the benchmark. */
export function wallTime(command, args, options = {}) {
  const begin = performance.now();
  const { status, error, stderr } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    ...options,
  });
  const time = performance.now() - begin;
  if (error !== undefined || status !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${status}: ${error?.message ?? String(stderr)}`,
    );
  }
  return time;
}

/**
 * Runs every contestant `rounds` times, interleaved and each round in another order, because a machine's speed drifts.
 * A contestant is an async function that prepares and returns its time. Returns the times by name.
 */
export async function compete(contestants, rounds) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = [...names.slice(round % names.length), ...names.slice(0, round % names.length)];
    for (const name of order) times[name].push(await contestants[name]());
  }
  return times;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios round by round: drift between rounds cancels out. */
export function ratio(times, floor) {
  return median(times.map((time, round) => time / floor[round]));
}

/** The smallest value that the given share of all values, in percent, does not exceed. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1];
}

/** Runs a statement through a session of the driver and returns its time in milliseconds. */
export async function queryTime(sql, statement, parameters = []) {
  const begin = performance.now();
  await sql.unsafe(statement, parameters, { prepare: true });
  return performance.now() - begin;
}

/** A line of a table: a name and its figures, right-aligned. */
export function cells(name, figures) {
  return name.padEnd(40) + figures.map((figure) => String(figure).padStart(14)).join("");
}
