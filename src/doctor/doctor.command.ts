import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readCount } from "../core/option-values.ts";
import { doctor } from "./doctor.ts";
import { doctorView } from "./doctor.view.ts";
import { isReached } from "./levels.ts";
import type { Check } from "./results.ts";

interface DoctorOptions {
  readonly memory?: string;
  readonly processors?: string;
  readonly failOn?: Check["level"];
}

/** Declares `doctor`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Looks whether the connection, the server, its settings and your role are as this tool and its reports need " +
        "them, and says of each finding why it matters and what changes it. Changes nothing, takes no lock.\n\n" +
        "Memory settings are compared with the memory of the machine: of this one where the server runs on it, " +
        "otherwise as --memory says.",
    )
    .option("--memory <size>", "the memory of the server's machine, such as 16GB")
    .option("--processors <count>", "how many processors it has")
    .addOption(
      command
        .createOption(
          "--fail-on <level>",
          "exit with 1 when there is such a finding, or a worse one",
        )
        .choices(["note", "warning", "error"]),
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db doctor
  doramaflix-db doctor --memory 64GB --processors 16
  doramaflix-db doctor --fail-on error --json`,
    )
    .action(
      run<DoctorOptions>(async (context, { memory, processors, failOn }) => {
        const result = await doctor(context, {
          memoryBytes: memory === undefined ? undefined : readSize(memory),
          processors:
            processors === undefined ? undefined : readCount("--processors", processors, 1),
        });
        context.output.result(result, doctorView);
        return failOn !== undefined && isReached(result.checks, failOn)
          ? ExitCode.findings
          : ExitCode.done;
      }),
    );
}

const units: Readonly<Record<string, number>> = { MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** Reads a size in the units of PostgreSQL's settings; throws USAGE. */
function readSize(text: string): number {
  const { value, unit = "" } =
    /^\s*(?<value>\d+(?:\.\d+)?)\s*(?<unit>[MGT]B)\s*$/.exec(text)?.groups ?? {};
  const bytes = Number(value) * (units[unit] ?? 0);
  if (bytes > 0) return bytes;
  throw new CliError("USAGE", {
    message: `--memory takes a size with its unit, not "${text}".`,
    hint: "Units are MB, GB and TB: --memory 16GB",
  });
}
