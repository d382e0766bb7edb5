import { CliError } from "../../core/errors.ts";
import { count } from "../../output/units.ts";

/** Gathers what is wrong with single files, so that the user learns of all of it at once. */
export class Problems {
  readonly #found: { readonly file: string; readonly error: CliError }[] = [];

  /** Runs what may throw an error for the user; returns undefined where it did. */
  attempt<Result>(run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.#found.push({ file: error.location?.file ?? "", error });
      return undefined;
    }
  }

  add(file: string, { message, hint }: { readonly message: string; readonly hint: string }): void {
    const error = new CliError("IMPORT_FILES_UNUSABLE", { message: `"${file}" ${message}`, hint });
    this.#found.push({ file, error });
  }

  /** Throws one error that lists everything, if there is anything. */
  throwAny(folder: string): void {
    if (this.#found.length === 0) return;
    const [only] = this.#found;
    if (only !== undefined && this.#found.length === 1) {
      const { message, detail, hint, location } = only.error;
      throw new CliError("IMPORT_FILES_UNUSABLE", {
        message: `"${folder}" cannot be imported, and nothing was written: ${message}`,
        detail,
        hint,
        location,
      });
    }
    throw new CliError("IMPORT_FILES_UNUSABLE", {
      message: `"${folder}" cannot be imported: there are ${count(this.#found.length, "problem")}. Nothing was written.`,
      detail: this.#found
        .toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)))
        .map(({ error }) => describe(error))
        .join("\n"),
      hint: "Correct each as its line says, then run the command again.",
    });
  }
}

function describe({ message, hint, location }: CliError): string {
  const place = location === undefined ? "" : `${location.file}:${location.line}: `;
  return `${place}${message}${hint === undefined ? "" : ` ${hint}`}`;
}
