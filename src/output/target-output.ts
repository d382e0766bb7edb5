import type { Output } from "./output.ts";
import { silentProgress } from "./silent-output.ts";

/** Makes the output of one database of several: its notes begin with its name, and its steps are not shown. */
export function targetOutput(output: Output, name: string): Output {
  return {
    ...output,
    note: (text) => {
      output.note(`${name}: ${text}`);
    },
    warn: (text) => {
      output.warn(`${name}: ${text}`);
    },
    progress: async () => Promise.resolve(silentProgress),
  };
}
