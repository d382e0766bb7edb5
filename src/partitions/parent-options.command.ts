import type { Command } from "commander";
import { readCount } from "../core/option-values.ts";

/** Which tables a command is for, and how far ahead, as it is given on the command line. */
export interface GivenParents {
  readonly parent?: readonly string[];
  readonly ahead?: string;
}

/** Declares the options. */
export function addParentOptions(command: Command): Command {
  return command
    .option(
      "--parent <table...>",
      "only these partitioned tables (default: all that partition_policies names)",
    )
    .option(
      "--ahead <count>",
      "how many partitions there are to be after the present one (default: as the policy says)",
    );
}

/** Reads them; throws USAGE. */
export function readParentOptions({ parent = [], ahead }: GivenParents): {
  readonly parents: readonly string[];
  readonly ahead: number | undefined;
} {
  return {
    parents: parent,
    ahead: ahead === undefined ? undefined : readCount("--ahead", ahead, 0),
  };
}
