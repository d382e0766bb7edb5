import { CliError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import type { ServerError } from "./server-error.ts";

interface Missing {
  readonly user: string;
  readonly message: string;
  /** Of the tool, without their schema. */
  readonly tables: readonly string[];
}

/** Makes an error that says which GRANT lets a role read tables of the tool, of one with SQLSTATE 42501. */
export function missingSelect(error: ServerError, { user, message, tables }: Missing): CliError {
  const names = tables.map((name) => `public.${name}`).join(", ");
  return new CliError("SERVER_REFUSED", {
    message,
    detail: error.message,
    hint: `Let the owner of the tables allow to read them: GRANT SELECT ON ${names} TO ${quoteIdentifier(user)};`,
    sqlState: error.sqlState,
    cause: error,
  });
}
