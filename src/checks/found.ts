import { CliError } from "../core/errors.ts";
import type { Found } from "./results.ts";

/** Says of a finding that it is about a whole file. */
export function atFile(file: string): Pick<Found, "location" | "object"> {
  return { location: { file, line: 1, column: 1 }, object: null };
}

/** Makes a finding of an error that another command would end with; its code becomes the rule. Returns undefined for others. */
export function foundOf(error: unknown, file?: string): Found | undefined {
  if (!(error instanceof CliError) || !isAboutProject(error)) return undefined;
  const { code, message, detail, hint, location } = error;
  return {
    rule: code.toLowerCase().replaceAll("_", "-"),
    level: "error",
    message: detail === undefined ? message : `${message}\n${detail}`,
    cure: hint ?? null,
    location:
      location === undefined
        ? file === undefined
          ? null
          : atFile(file).location
        : { file: location.file, line: location.line, column: location.column },
    object: null,
  };
}

/** What is wrong with the files; a server that is gone or a Ctrl-C is not. */
function isAboutProject({ code }: CliError): boolean {
  return /^(?:MIGRATION|DEFINITION|VARIABLE|ROLLBACK)_/.test(code);
}
