import { CliError } from "../../core/errors.ts";
import { readCount } from "../../core/option-values.ts";
import { readLimitedPatience, type GivenLockOptions } from "../lock-options.command.ts";
import type { LockPatience } from "../lock-patience.ts";
import type { ConvertResult } from "./results.ts";

/** The options as they are given on the command line. */
export interface ConvertTexts extends GivenLockOptions {
  readonly by?: string;
  readonly granularity?: string;
  readonly keyEncoding?: string;
  readonly cutAt?: string;
  readonly ahead?: string;
  readonly prepare?: true;
  readonly cutOver?: true;
  readonly undo?: true;
}

export interface ConvertInput extends LockPatience {
  /** As the user writes it: with a schema, in quotes, or neither. */
  readonly table: string;
  readonly step: ConvertResult["step"];
  /** Not needed for undoing. */
  readonly column: string | null;
  readonly granularity: string | null;
  readonly keyEncoding: string | null;
  /** The first day of the new partitions, in UTC; null: the tool chooses. */
  readonly cutAt: string | null;
  readonly ahead: number;
}

/** Reads and checks the options; throws USAGE. */
export function readConvertInput(table: string, texts: ConvertTexts): ConvertInput {
  const step = stepOf(texts);
  const { by, granularity } = texts;
  if (step !== "undo" && (by === undefined || granularity === undefined)) {
    throw new CliError("USAGE", {
      message: "A conversion needs --by and --granularity.",
      hint: "For example: doramaflix-db partitions convert watch_history --by watched_at --granularity monthly",
    });
  }
  return {
    table,
    step,
    column: by ?? null,
    granularity: granularity ?? null,
    keyEncoding: texts.keyEncoding ?? null,
    cutAt: dayOf(texts.cutAt),
    ahead: readCount("--ahead", texts.ahead, 3),
    ...readLimitedPatience(texts),
  };
}

function stepOf({ prepare, cutOver, undo }: ConvertTexts): ConvertInput["step"] {
  const given: ConvertInput["step"][] = [];
  if (prepare) given.push("prepare");
  if (cutOver) given.push("cut-over");
  if (undo) given.push("undo");
  if (given.length > 1) {
    throw new CliError("USAGE", {
      message: "--prepare, --cut-over and --undo are steps of which one is given at a time.",
      hint: "Without any of them the command shows the plan.",
    });
  }
  return given[0] ?? "plan";
}

function dayOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new CliError("USAGE", {
    message: `--cut-at takes a day, not "${text}".`,
    hint: "For example: --cut-at 2027-01-01",
  });
}
