import { onTestFinished, vi } from "vitest";
import type { LogEvent } from "../../src/schedule/results.ts";
import { killCli, startCli, type CliRun } from "./cli.ts";

/** A scheduler as a process of its own, and what it has logged. */
export interface Scheduler extends CliRun {
  readonly pid: number;
  readonly events: LogEvent[];
  /** Waits until an event has come, and returns it. */
  readonly until: (event: LogEvent["event"], job?: string) => Promise<LogEvent>;
}

const patience = { timeout: 45_000, interval: 20 };

/** Starts `schedule run`; it is killed when the test has finished. */
export function startScheduler(url: string, project: string): Scheduler {
  const run = startCli(["schedule", "run", "--url", url, "--project", project]);
  const events: LogEvent[] = [];
  let rest = "";
  run.child.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    events.push(...lines.map((line) => JSON.parse(line) as LogEvent));
  });
  onTestFinished(async () => {
    await killCli(run);
  });
  return {
    ...run,
    pid: run.child.pid ?? 0,
    events,
    until: async (event, job) =>
      vi.waitUntil(
        () =>
          events.find((each) => each.event === event && (job === undefined || each.job === job)),
        patience,
      ),
  };
}
