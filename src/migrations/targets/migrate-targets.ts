import type { Context } from "../../context.ts";
import { CliError } from "../../core/errors.ts";
import { countEach } from "../../output/units.ts";
import { migrate, type MigrateInput } from "../migrate.ts";
import { readProject } from "../../project/project.ts";
import type { MigrateResult } from "../results.ts";
import { listTargets } from "./list-targets.ts";
import type { MigrateTargetsResult } from "./results.ts";
import { runTargets, type Outcome } from "./run-targets.ts";
import type { TargetOptions } from "./target-options.ts";

export interface MigrateTargetsInput
  extends TargetOptions, Omit<MigrateInput, "execute" | "project"> {}

type TargetResult = MigrateTargetsResult["targets"][number];

/**
 * Runs `migrate` on several databases: on the canary alone, then on the others, some at a time. The files are read
 * once, so that all databases get the same. What fails in one is in the result and harms no other.
 */
export async function migrateTargets(
  context: Context,
  { to, outOfOrder, dryRun, options, jobs, maxFailures, ...list }: MigrateTargetsInput,
): Promise<MigrateTargetsResult> {
  const began = performance.now();
  const project = readProject(context.config.project);
  const outcomes = await runTargets(context, await listTargets(context, list), {
    jobs,
    maxFailures,
    canaryFirst: true,
    work: async (own) => {
      const result = await migrate(own, { to, outOfOrder, dryRun, options, project });
      refuseFailedPartitions(result);
      return result;
    },
    describe,
  });
  const targets = outcomes.map(resultOf);
  const counted = (state: TargetResult["state"]): number =>
    targets.filter((each) => each.state === state).length;
  return {
    dryRun,
    targets,
    totals: {
      targets: targets.length,
      migrated: counted("migrated"),
      wouldMigrate: counted("would migrate"),
      nothingPending: counted("nothing pending"),
      failed: counted("failed"),
      notRun: counted("not run"),
      duration: Math.round(performance.now() - began),
    },
  };
}

/** Of several databases, one whose partitions could not be created counts as failed; all else of it is done. */
function refuseFailedPartitions({ partitions: { failed } }: MigrateResult): void {
  const [first] = failed;
  if (first === undefined) return;
  throw new CliError("PARTITION_FAILED", {
    message: `The partitions of "${first.parent}" could not be created; all migrations are applied.`,
    detail: first.message,
    hint: first.hint ?? 'Run "doramaflix-db partitions create" on that database.',
  });
}

function resultOf(outcome: Outcome<MigrateResult>): TargetResult {
  const { target, kind } = outcome;
  const unknown = { migrations: null, definitions: null };
  if (kind === "not run") return { target, state: kind, ...unknown, duration: null };
  const { duration } = outcome;
  if (kind === "failed") {
    return { target, state: kind, ...unknown, duration, error: outcome.error };
  }
  return {
    target,
    state: stateOf(outcome.result),
    migrations: outcome.result.migrations.map(({ version }) => version),
    definitions: outcome.result.definitions.map(({ path }) => path),
    duration,
  };
}

function stateOf({ dryRun, migrations, definitions }: MigrateResult): TargetResult["state"] {
  if (migrations.length === 0 && definitions.length === 0) return "nothing pending";
  return dryRun ? "would migrate" : "migrated";
}

function describe({ migrations, definitions }: MigrateResult): string {
  const done = countEach([migrations.length, "migration"], [definitions.length, "file"]);
  return done === "" ? "nothing pending" : done;
}
