import { toolVersion } from "../core/tool-version.ts";

/**
 * Settings that the engine makes before each migration and after the last, whatever a migration has changed. The time
 * limits are those of try-lock.sql that PostgreSQL 15 knows; in a batch each has its effect on what comes after it.
 */
export function runSettings(): Record<string, string> {
  return {
    "doramaflix_db.tool_version": toolVersion(),
    client_min_messages: "notice",
    statement_timeout: "0",
    idle_in_transaction_session_timeout: "0",
    idle_session_timeout: "0",
  };
}
