import type { ServerConnection } from "../config/schema.ts";
import { CliError } from "../core/errors.ts";

/** Turns whatever ended an attempt to connect into a sentence that says where to, why, and what to do. */
export function connectionError(error: unknown, connection: ServerConnection): CliError {
  const code = codeOf(error);
  return new CliError("CONNECTION_FAILED", {
    message: `Cannot connect to database "${connection.database}" at ${addressOf(connection)} as user "${connection.user}".`,
    detail: reason(error, connection),
    hint: `${hints[code] ?? ""} The address comes from ${connection.source}.`.trim(),
    sqlState: /^[0-9A-Z]{5}$/.test(code) ? code : undefined,
    cause: error,
  });
}

function addressOf({ hosts }: ServerConnection): string {
  return hosts
    .map(({ host, port }) =>
      host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`,
    )
    .join(", ");
}

function codeOf(error: unknown): string {
  const code = error !== null && typeof error === "object" && "code" in error ? error.code : "";
  return typeof code === "string" ? code : "";
}

function reason(error: unknown, connection: ServerConnection): string {
  const code = codeOf(error);
  if (code === "CONNECT_TIMEOUT") return `No answer within ${connection.connectTimeout} seconds.`;
  if (code === "CONNECTION_CLOSED") return "The server closed the connection.";
  // A host name with several addresses fails with one error for each.
  const errors = error instanceof AggregateError ? error.errors : [error];
  return errors.map((each) => (each instanceof Error ? each.message : String(each))).join("; ");
}

/** What to do, by the driver's code, Node's code or SQLSTATE. */
const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Is the server running, and does it listen on that address and port?",
  ENOENT: "Is the server running, and is that the folder of its socket?",
  ENOTFOUND: "Check the host name.",
  EAI_AGAIN: "Check the host name and the name server.",
  CONNECT_TIMEOUT: "Check the address and the firewall; connect_timeout sets the limit.",
  "28P01": "Check the password: in the URL, PGPASSWORD, or the password file (~/.pgpass).",
  "28000": "Check the user and the server's pg_hba.conf.",
  "3D000": "Create the database first: createdb, or CREATE DATABASE.",
  "53300": "The server has no connection left; try again later, or raise max_connections.",
  "57P03": "The server is starting up or shutting down; try again in a moment.",
};
