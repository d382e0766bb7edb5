import { CliError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import { unknownLibraries, withLibrary } from "../core/preload-libraries.ts";
import type { Note } from "./results.ts";
import type { Server } from "./rows.ts";

/** Why there are no statistics of statements. */
export type Problem = "not_preloaded" | "not_created" | "no_right";

/** Returns why pg_stat_statements cannot be read, as far as the catalog tells. */
export function problemOf(server: Server): Problem | undefined {
  if (server.settings["pg_stat_statements.max"] === undefined) return "not_preloaded";
  if (server.extension_version === null) return "not_created";
  return server.can_execute ? undefined : "no_right";
}

/** Says why there are no statistics, and what makes them. */
export function explainProblem(problem: Problem, server: Server): Note {
  const role = quoteIdentifier(server.user);
  if (problem === "not_preloaded") {
    return {
      name: problem,
      message:
        "The module pg_stat_statements is not loaded, so the server does not count what statements cost.",
      cure: [
        `ALTER SYSTEM SET shared_preload_libraries = ${preloaded(server)}; -- as superuser, then restart the server`,
        ...(server.extension_version === null ? [createExtension] : []),
      ].join("\n"),
    };
  }
  if (problem === "not_created") {
    return {
      name: problem,
      message: `The extension pg_stat_statements is not created in database "${server.database}".`,
      cure: `${createExtension} -- as superuser or owner of the database`,
    };
  }
  const schema = quoteIdentifier(server.extension_schema ?? "public");
  return {
    name: problem,
    message: `Role "${server.user}" may not read pg_stat_statements, which is in schema "${server.extension_schema ?? ""}".`,
    cure: [
      `GRANT USAGE ON SCHEMA ${schema} TO ${role};`,
      `GRANT EXECUTE ON FUNCTION ${schema}.pg_stat_statements(boolean) TO ${role};`,
      ...(server.has_info
        ? [`GRANT EXECUTE ON FUNCTION ${schema}.pg_stat_statements_info() TO ${role};`]
        : []),
    ].join("\n"),
  };
}

const createExtension = "CREATE EXTENSION pg_stat_statements;";

/** Keeps what is loaded now; who may not read that must keep it himself. */
function preloaded({ settings }: Server): string {
  return withLibrary(
    settings["shared_preload_libraries"] ?? unknownLibraries,
    "pg_stat_statements",
  );
}

/** Makes an error of the note that says why there are no statistics. */
export function statisticsMissing({ message, cure }: Note): CliError {
  return new CliError("STATISTICS_MISSING", { message, hint: cure ?? undefined });
}
