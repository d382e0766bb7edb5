import ora from "ora";
import type { Progress } from "./output.ts";

/** Draws the step in hand on stderr. */
export function spinnerProgress(): Progress {
  // Ctrl-C must reach our own handler, which cancels the statement on the server.
  const spinner = ora({ discardStdin: false });
  return {
    begin: (text) => {
      spinner.start(text);
    },
    succeed: (text) => {
      spinner.succeed(text);
    },
    update: (text) => {
      spinner.text = text;
    },
    fail: () => {
      spinner.fail();
    },
  };
}
