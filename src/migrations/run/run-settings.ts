import { toolVersion } from "../../core/tool-version.ts";
import type { RunOptions } from "./run-options.ts";
import type { Lock, ServerFacts } from "../rows.ts";

/** What the settings of a run are made of. */
export interface SettingsSource {
  readonly options: RunOptions;
  readonly lock: Lock;
  readonly facts: Pick<ServerFacts, "version_number">;
}

/**
 * Settings that the engine makes before each migration and after the last, whatever a migration has changed. The time
 * limits are those of try-lock.sql. Each has its effect on the statement that is sent after
 * it: a limit on statements that is made inside a call does not bind this call.
 */
export function runSettings({ options, lock, facts }: SettingsSource): Record<string, string> {
  const { client_connection_check_interval: checkInterval } = lock;
  return {
    "doramaflix_db.tool_version": toolVersion(),
    client_min_messages: "notice",
    lock_timeout: String(options.lockTimeout),
    ...(options.lockTimeout > 0 && {
      "doramaflix_db.lock_patience": `${options.lockTimeout * (options.lockRetries + 1)} ms`,
    }),
    statement_timeout: String(options.statementTimeout),
    idle_in_transaction_session_timeout: "0",
    idle_session_timeout: "0",
    ...(facts.version_number >= 170000 && { transaction_timeout: "0" }),
    ...(checkInterval !== null && { client_connection_check_interval: checkInterval }),
  };
}
