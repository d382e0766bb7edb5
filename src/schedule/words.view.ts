import type { Page } from "../output/output.ts";
import type { Run } from "./results.ts";

/** Writes how a run ended. */
export function resultWord(result: Run["result"], { style }: Pick<Page, "style">): string {
  return {
    done: style.good,
    running: style.heading,
    findings: style.attention,
    interrupted: style.attention,
    failed: style.bad,
    lost: style.bad,
  }[result](result);
}
