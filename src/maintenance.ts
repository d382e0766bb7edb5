import type { Context, Maintenance, WorkPlace, WorkReport } from "./context.ts";
import { CliError } from "./core/errors.ts";
import { ExitCode } from "./core/exit-codes.ts";
import { isReached } from "./findings/levels.ts";
import { Level } from "./findings/results.ts";
import { health } from "./health/health.ts";
import { missedChecks } from "./health/missed-checks.ts";
import type { HealthResult } from "./health/results.ts";
import { refreshViews } from "./matviews/refresh.ts";
import type { RefreshResult } from "./matviews/results.ts";
import { count, countEach, shortName } from "./output/units.ts";
import { createPartitions } from "./partitions/create.ts";
import { defaultPatience } from "./partitions/lock-patience.ts";
import { retire } from "./partitions/retire.ts";
import { retireView } from "./partitions/retire.view.ts";
import type { RetireResult } from "./partitions/retire/results.ts";
import { readRunways } from "./partitions/runway.ts";
import { snapshot } from "./slow-queries/snapshot.ts";

/** How long a check of `health` may take, in milliseconds. */
const checkTimeout = 10_000;

/** How long a refresh waits for the locks of a view, in milliseconds. */
const viewPatience = 10_000;

/** How long a retirement waits for transactions that are open, in milliseconds: the other jobs wait too. */
const retirePatience = 120_000;

/** Gives the scheduler the work of the features, each the same that its command does. */
export function maintenanceOf(context: Context): Maintenance {
  return {
    createPartitions: async (place) => {
      const input = { parents: [], fillHoles: false, patience: defaultPatience };
      const { parents } = await createPartitions(at(context, place), input);
      const created = parents.flatMap(({ created: each }) => each);
      const failures = parents.flatMap(({ parent, failed }) =>
        failed.map(({ message, hint }) => sentences(`${shortName(parent)}: ${message}`, hint)),
      );
      const done = created.map(({ partition }) => shortName(partition)).join(", ");
      return {
        summary:
          created.length === 0
            ? "No partition was missing."
            : `Created ${count(created.length, "partition")}: ${done}.`,
        failures,
        findings: [],
      };
    },
    retirePartitions: async (place, { drop, folder }) => {
      const patience = { ...defaultPatience, maxWait: retirePatience };
      const input = { parents: [], dryRun: false, drop, yes: true, folder, patience };
      return retireReport(await retire(at(context, place), { ...input, view: retireView }));
    },
    refreshViews: async (place) => {
      const input = { names: [], stale: true, jobs: 1, mode: "auto", dryRun: false } as const;
      return refreshReport(
        await refreshViews(at(context, place), { ...input, patience: viewPatience }),
      );
    },
    takeSnapshot: async (place, input) => snapshotReport(at(context, place), input),
    checkHealth: async (place, { failOn }) => {
      const files = { baseline: undefined, writeBaseline: undefined };
      const input = { only: [], skip: [], timeout: checkTimeout, ...files };
      return healthReport(await health(at(context, place), input), failOn);
    },
    readRunways,
  };
}

/** What could not be checked counts as what may have been found. */
function healthReport(result: HealthResult, failOn: Level): WorkReport {
  const { findings, checks } = result;
  const missed = missedChecks(result);
  // One of which several objects are hidden is there several times.
  const names = [...new Set(missed.map(({ name }) => name))].join(", ");
  const not = names === "" ? "" : `; not checked: ${names}`;
  const counts = ({ level }: { readonly level: Level }): boolean => isReached([{ level }], failOn);
  return {
    summary: `${count(checks.length, "check")}: ${levels(findings)}${not}.`,
    failures: [],
    findings: [
      ...findings.filter(counts).map(({ object, message }) => `${object}: ${message}`),
      ...missed
        .filter(counts)
        .map(({ name, reason, cure }) => sentences(`${name}: not checked, ${reason}.`, cure)),
    ],
  };
}

/** The context of a verb that works in a session which is there already. */
function at(context: Context, { database, output, signal }: WorkPlace): Context {
  return { ...context, output, signal, withDatabase: async (run) => run(database) };
}

function levels(findings: readonly { readonly level: Level }[]): string {
  const counted = Level.options.map(
    (level) => [findings.filter((each) => each.level === level).length, level] as const,
  );
  return countEach(...counted) || "nothing found";
}

/** Where nothing gathers statistics there is nothing to store, which doctor and health say. */
async function snapshotReport(
  context: Context,
  input: { readonly keep: number },
): Promise<WorkReport> {
  const report = { failures: [], findings: [] };
  try {
    const { snapshotId, statements, changedStatements: changed } = await snapshot(context, input);
    const what = `${count(statements, "statement")}, ${changed} changed`;
    return { ...report, summary: `Snapshot ${snapshotId}: ${what}.` };
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== "STATISTICS_MISSING") throw error;
    return { ...report, summary: `Nothing to store: ${error.message}` };
  }
}

function retireReport({ partitions, failed }: RetireResult): WorkReport {
  const done = partitions.filter(({ state }) => state === "done");
  return {
    summary:
      done.length === 0
        ? "No partition was due."
        : `${done.map(({ action, partition }) => `${shortName(partition)}: ${action}`).join(", ")}.`,
    failures: [
      ...partitions.flatMap(({ failure }) =>
        failure === null ? [] : [sentences(failure.message, failure.hint)],
      ),
      ...failed.map(({ parent, message, hint }) =>
        sentences(`${shortName(parent)}: ${message}`, hint),
      ),
    ],
    findings: [],
  };
}

function refreshReport({ views, stopped }: RefreshResult): WorkReport {
  if (stopped !== null) throw endOf(stopped);
  const refreshed = views.filter(({ outcome }) => outcome === "refreshed");
  return {
    summary:
      refreshed.length === 0
        ? "No view had to be refreshed."
        : `Refreshed ${count(refreshed.length, "view")}: ${refreshed.map(({ view }) => shortName(view)).join(", ")}.`,
    failures: views.flatMap(({ view, failure }) =>
      failure === null ? [] : [sentences(`${shortName(view)}: ${failure.message}`, failure.hint)],
    ),
    findings: [],
  };
}

/** The error that ended a run which hands it over as a part of its result. */
function endOf(stopped: NonNullable<RefreshResult["stopped"]>): unknown {
  const { message, detail, hint, sqlState } = stopped;
  const parts = { message, detail, hint, sqlState };
  if (stopped.exitCode === ExitCode.interrupted) return new CliError("INTERRUPTED", parts);
  return new CliError(stopped.code === "INTERNAL" ? "SERVER_REFUSED" : stopped.code, parts);
}

function sentences(message: string, hint: string | null): string {
  return hint === null ? message : `${message} ${hint}`;
}
