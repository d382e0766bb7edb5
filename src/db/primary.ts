import { CliError } from "../core/errors.ts";

/** Refuses a server that takes no changes. */
export function requirePrimary({
  database,
  standby,
}: {
  readonly database: string;
  readonly standby: boolean;
}): void {
  if (!standby) return;
  throw new CliError("SERVER_IS_STANDBY", {
    message: `The server of database "${database}" is a standby: it takes no changes.`,
    hint: "Connect to the primary; with several hosts in the URL, target_session_attrs=read-write finds it.",
  });
}
