import { z } from "zod";
import { BaselineEntry } from "./results.ts";

const Baseline = z.array(BaselineEntry);

/** Reads the entries of a baseline, or says what is wrong with them. */
export function parseBaseline(
  content: unknown,
): { readonly entries: readonly BaselineEntry[] } | { readonly problem: string } {
  const read = Baseline.safeParse(content);
  return read.success ? { entries: read.data } : { problem: z.prettifyError(read.error) };
}
