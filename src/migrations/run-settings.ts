import { toolVersion } from "../core/tool-version.ts";

/** Settings that the engine makes before each migration and after the last, whatever a migration has changed. */
export function runSettings(): Record<string, string> {
  return { "doramaflix_db.tool_version": toolVersion(), client_min_messages: "notice" };
}
