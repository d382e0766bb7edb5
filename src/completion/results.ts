import { z } from "zod";

/** What `completion` prints with --json. */
export const CompletionResult = z.object({
  shell: z.enum(["bash", "zsh", "fish"]),
  /** For the shell to read. */
  script: z.string(),
});
export type CompletionResult = z.infer<typeof CompletionResult>;
