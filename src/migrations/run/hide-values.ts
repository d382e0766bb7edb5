import { ServerError } from "../../db/server-error.ts";
import type { Variables } from "../../project/fill-variables.ts";

/** A shorter value is no secret, and would be found in words that have nothing to do with it. */
const shortest = 6;

/** Returns an error without the values of variables: where the server quotes one, the placeholder stands instead. */
export function hideValues(error: ServerError, variables: Variables): ServerError {
  const hidden = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : hide(text, variables);
  return new ServerError({
    message: hide(error.message, variables),
    code: error.sqlState,
    detail: hidden(error.detail),
    hint: hidden(error.hint),
    where: hidden(error.context),
    // These find the place in what was sent, and are shown nowhere.
    position: error.position?.toString(),
    internal_query: error.internalQuery,
    internal_position: error.internalPosition?.toString(),
  });
}

function hide(text: string, variables: Variables): string {
  let result = text;
  for (const [name, value] of Object.entries(variables)) {
    const literal = value.replaceAll("'", "''");
    result = result.replaceAll(`'${literal}'`, `:'${name}'`).replaceAll(`"${value}"`, `:"${name}"`);
    if (value.length >= shortest) result = result.replaceAll(value, `:'${name}'`);
  }
  return result;
}
