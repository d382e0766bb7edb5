import { z } from "zod";
import type { Problem } from "./problems.ts";
import { ScheduleFile, scheduleKeys } from "./schedule-schema.ts";
import { suggest } from "./suggest.ts";
import { isVariableName } from "./variables.ts";

const variable = z
  .string({ error: ({ path }) => `The variable "${lastOf(path)}" must be a text in quotes.` })
  .refine((value) => !value.includes("\0"), {
    error: ({ path }) => `The variable "${lastOf(path)}" must not hold a NUL character.`,
  });

function lastOf(path: readonly PropertyKey[] = []): string {
  return String(path.at(-1));
}

/** The config file. Each message is a whole sentence but for the file's name, which the caller adds. */
const schema = z.strictObject(
  {
    url: z
      .string({ error: 'The key "url" must be a text in quotes.' })
      .refine((url) => url.trim() !== "", { error: 'The key "url" must not be empty.' })
      .optional(),
    variables: z
      .record(z.string().refine(isVariableName), variable, {
        error: ({ code, path }) => {
          if (code === "invalid_type") return 'The key "variables" must be an object of texts.';
          return `The variable "${lastOf(path)}" must have lower-case letters, digits and "_" only.`;
        },
      })
      .optional(),
    schedule: ScheduleFile.optional(),
  },
  {
    error: (issue) => (issue.code === "invalid_type" ? "The file must hold an object." : undefined),
  },
);

export interface ConfigFile {
  /** A URI or keyword string. */
  readonly url?: string | undefined;
  /** Values for placeholders in SQL files, by name. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** When the scheduler runs what. */
  readonly schedule?: ScheduleFile | undefined;
}

/** Returns the checked content of the config file, or every problem with it. */
export function checkConfigFile(
  content: unknown,
  path: string,
): { file: ConfigFile; problems: readonly Problem[] } {
  const checked = schema.safeParse(content);
  if (checked.success) return { file: checked.data, problems: [] };
  return { file: {}, problems: checked.error.issues.flatMap((issue) => toProblems(issue, path)) };
}

function toProblems(issue: z.core.$ZodIssue, path: string): Problem[] {
  if (issue.code !== "unrecognized_keys") {
    return [
      {
        message: `${issue.message.slice(0, -1)}, in the config file "${path}".`,
        hint: "Correct it there.",
      },
    ];
  }
  const section = issue.path.join(".");
  const known = section === "" ? Object.keys(schema.shape) : (scheduleKeys[section] ?? []);
  return issue.keys.map((key) => ({
    message: `The key "${section === "" ? "" : `${section}.`}${key}" in the config file "${path}" is unknown.`,
    hint: `Remove it, or correct its name.${suggest(key, known)}`,
  }));
}
