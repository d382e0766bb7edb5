import { writeFile } from "node:fs/promises";
import { CliError } from "../../core/errors.ts";
import type { CheckResult } from "../results.ts";
import { github, gitlab } from "./annotations.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { sarif } from "./sarif.ts";

/** What writes a result for another program. */
type Format = (result: CheckResult) => string;

const formats: Readonly<Record<string, Format>> = {
  json: (result) => JSON.stringify(result, null, 2),
  sarif,
  junit,
  github,
  gitlab,
  markdown,
};

/** What --format takes. */
export const formatNames = ["text", ...Object.keys(formats)];

/** A format that was asked for; without a file it takes the place of the text. */
export interface Wanted {
  readonly write: Format;
  readonly file: string | undefined;
}

/** Reads the values of --format, such as "markdown" and "sarif=check.sarif"; "text" asks for nothing more. Throws USAGE. */
export function readFormats(given: readonly string[]): Wanted[] {
  const wanted = given
    .filter((each) => each !== "text")
    .map((each): Wanted => {
      const [name = "", ...rest] = each.split("=");
      const write = Object.hasOwn(formats, name) ? formats[name] : undefined;
      const file = rest.length === 0 ? undefined : rest.join("=");
      if (write !== undefined && file !== "") return { write, file };
      throw new CliError("USAGE", {
        message: `"${each}" is no format.`,
        hint: `There are ${formatNames.join(", ")}; "sarif=check.sarif" writes into a file.`,
      });
    });
  if (wanted.filter(({ file }) => file === undefined).length < 2) return wanted;
  throw new CliError("USAGE", {
    message: "Only one format can take the place of the text.",
    hint: 'Give the others a file each: "--format github sarif=check.sarif junit=check.xml".',
  });
}

/** Writes the files that were asked for; throws USAGE. */
export async function writeReports(result: CheckResult, wanted: readonly Wanted[]): Promise<void> {
  for (const { write, file } of wanted) {
    if (file === undefined) continue;
    try {
      await writeFile(file, `${write(result)}\n`);
    } catch (error) {
      throw new CliError("USAGE", {
        message: `The report "${file}" cannot be written.`,
        detail: error instanceof Error ? error.message : String(error),
        hint: "Name a file in a folder that is there and that you may write to.",
        cause: error,
      });
    }
  }
}
