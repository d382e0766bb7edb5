import type { Context } from "../../context.ts";
import { ExitCode } from "../../core/exit-codes.ts";
import { migrateTargets, type MigrateTargetsInput } from "./migrate-targets.ts";
import { migrateTargetsView } from "./migrate-targets.view.ts";

/** Runs `migrate --targets`. */
export async function runMigrateTargets(
  context: Context,
  input: MigrateTargetsInput,
): Promise<ExitCode> {
  const result = await migrateTargets(context, input);
  context.output.result(result, migrateTargetsView);
  if (context.signal.aborted) return ExitCode.interrupted;
  return result.totals.failed > 0 ? ExitCode.operationFailed : ExitCode.done;
}
