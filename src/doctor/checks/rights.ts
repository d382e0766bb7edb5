import { quoteIdentifier } from "../../core/identifiers.ts";
import { unknownLibraries, withLibrary } from "../../core/preload-libraries.ts";
import { formatMoment } from "../../output/units.ts";
import { found, ok, type Examine } from "../facts.ts";

const creating: Examine = ({ server }) => {
  const name = "right_to_create";
  if (server.can_create) return ok(name, `Role "${server.user}" may create in schema "public".`);
  return found(name, "warning", {
    message: `Role "${server.user}" may not create in schema "public".`,
    reason: "migrate installs its functions and tables there.",
    cure: `GRANT CREATE ON SCHEMA public TO ${quoteIdentifier(server.user)};`,
  });
};

const statistics: Examine = ({ server }) => {
  const name = "right_to_statistics";
  if (server.reads_all_statistics) {
    return ok(name, `Role "${server.user}" reads the statistics of all roles.`);
  }
  return found(name, "warning", {
    message: `Role "${server.user}" sees only its own statements in the statistics.`,
    reason: "slow-queries and health would tell a part of what goes on.",
    cure: `GRANT pg_monitor TO ${quoteIdentifier(server.user)};`,
  });
};

const preloaded: Examine = ({ settings }) => {
  // The module makes this setting when it is loaded with the server; everybody may read it.
  if (settings.has("pg_stat_statements.max")) return undefined;
  const present = settings.get("shared_preload_libraries")?.value ?? unknownLibraries;
  return found("pg_stat_statements", "warning", {
    message: "The module pg_stat_statements is not loaded.",
    reason: "Without it nobody can tell which statements were slow.",
    cure: `ALTER SYSTEM SET shared_preload_libraries = ${withLibrary(present, "pg_stat_statements")}; -- and restart the server`,
  });
};

const statements: Examine = (facts) => {
  const name = "pg_stat_statements";
  const notLoaded = preloaded(facts);
  if (notLoaded !== undefined) return notLoaded;
  const { statements_version: installed, statements_default_version: newest } = facts.server;
  if (installed === null) {
    return found(name, "warning", {
      message: "The extension pg_stat_statements is not created in this database.",
      reason: "slow-queries reads it.",
      cure: "CREATE EXTENSION pg_stat_statements;",
    });
  }
  if (installed === newest) return ok(name, `pg_stat_statements ${installed}`);
  return found(name, "warning", {
    message: `The extension pg_stat_statements is of version ${installed}, and the server has ${newest ?? "none"}.`,
    reason: "It shows less than the server counts.",
    cure: "ALTER EXTENSION pg_stat_statements UPDATE;",
  });
};

const engine: Examine = ({ server, engine: installed, engineHash }) => {
  const name = "engine";
  if (!server.has_engine) {
    return found(name, "note", {
      message: "The engine of this tool is not installed in this database.",
      reason: "migrate, partitions and views work through it; migrate installs it.",
      cure: "doramaflix-db migrate",
    });
  }
  if (installed === undefined) {
    return found(name, "note", {
      message: `The engine of this tool is installed, and role "${server.user}" may not read of which version it is.`,
      reason: "Whether migrate would upgrade it cannot be told.",
      cure: `GRANT SELECT ON public.schema_engine TO ${quoteIdentifier(server.user)};`,
    });
  }
  const since = formatMoment(installed.installed_at.toISOString());
  const which = `of version ${installed.tool_version ?? "?"}, since ${since} UTC`;
  if (installed.hash === engineHash) return ok(name, `Engine ${which}`);
  return found(name, "note", {
    message: `The engine in this database, ${which}, is another one than this tool has.`,
    reason:
      "Functions that the tool calls may be older than it is, and migrate replaces them; it refuses to if a newer version of the tool has installed them: use that one then.",
    cure: "doramaflix-db migrate",
  });
};

export const rightsChecks: readonly Examine[] = [creating, statistics, statements, engine];
