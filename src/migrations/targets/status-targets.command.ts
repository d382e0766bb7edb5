import type { Context } from "../../context.ts";
import { ExitCode } from "../../core/exit-codes.ts";
import { statusTargets } from "./status-targets.ts";
import { statusTargetsView } from "./status-targets.view.ts";
import type { TargetOptions } from "./target-options.ts";

/** Runs `status --targets`. */
export async function runStatusTargets(
  context: Context,
  { exitCode, ...input }: TargetOptions & { readonly exitCode: boolean },
): Promise<ExitCode> {
  const result = await statusTargets(context, input);
  context.output.result(result, statusTargetsView);
  const { targets, current, failed } = result.totals;
  if (context.signal.aborted) return ExitCode.interrupted;
  if (failed > 0) return ExitCode.operationFailed;
  return exitCode && current < targets ? ExitCode.findings : ExitCode.done;
}
