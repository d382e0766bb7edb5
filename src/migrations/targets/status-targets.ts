import type { Context } from "../../context.ts";
import { countEach } from "../../output/units.ts";
import { readProject } from "../../project/project.ts";
import type { StatusResult } from "../results.ts";
import { hasFindings, status } from "../status.ts";
import { listTargets } from "./list-targets.ts";
import type { StatusTargetsResult } from "./results.ts";
import { runTargets, type Outcome } from "./run-targets.ts";
import type { TargetOptions } from "./target-options.ts";

type TargetResult = StatusTargetsResult["targets"][number];

/** Compares the project with several databases, some at a time; changes nothing. One that fails keeps no other back. */
export async function statusTargets(
  context: Context,
  { targets: list, jobs }: Pick<TargetOptions, "targets" | "jobs">,
): Promise<StatusTargetsResult> {
  const project = readProject(context.config.project);
  const found = await listTargets(context, { targets: list });
  const outcomes = await runTargets(context, found, {
    jobs,
    maxFailures: Infinity,
    canaryFirst: false,
    work: async (own) => status(own, project),
    describe,
  });
  const targets = outcomes.map(resultOf);
  const counted = (state: TargetResult["state"]): number =>
    targets.filter((each) => each.state === state).length;
  return {
    targets,
    totals: {
      targets: targets.length,
      current: counted("current"),
      pending: counted("pending"),
      disagrees: counted("disagrees"),
      failed: counted("failed"),
      notRun: counted("not run"),
    },
  };
}

function resultOf(outcome: Outcome<StatusResult>): TargetResult {
  const { target, kind } = outcome;
  if (kind === "done") return { target, ...summaryOf(outcome.result) };
  const unknown = { applied: null, pending: null, newest: null };
  return kind === "failed"
    ? { target, state: kind, ...unknown, error: outcome.error }
    : { target, state: kind, ...unknown };
}

function summaryOf(result: StatusResult): Omit<TargetResult, "target" | "error"> {
  const { migrations, definitions } = result;
  const pending = migrations.filter(({ state }) => state === "pending");
  const applied = migrations.filter(({ state }) => recorded.has(state));
  return {
    state: stateOf(result),
    applied: applied.length,
    pending: {
      migrations: pending.length,
      definitions: definitions.filter(
        ({ state }) => state !== "current" && state !== "file missing",
      ).length,
    },
    newest: applied.at(-1)?.version ?? null,
  };
}

/** The states of migrations that are in the ledger. */
const recorded: ReadonlySet<string> = new Set<StatusResult["migrations"][number]["state"]>([
  "applied",
  "changed",
  "missing",
]);

function stateOf(result: StatusResult): TargetResult["state"] {
  const { migrations, definitions } = result;
  const disagrees =
    migrations.some(({ state }) => state !== "applied" && state !== "pending") ||
    definitions.some(({ state }) => state === "file missing");
  if (disagrees) return "disagrees";
  return hasFindings(result) ? "pending" : "current";
}

function describe(result: StatusResult): string {
  const { state, pending } = summaryOf(result);
  const left = countEach(
    [pending?.migrations ?? 0, "migration"],
    [pending?.definitions ?? 0, "file"],
  );
  return left === "" ? state : `${left} pending`;
}
