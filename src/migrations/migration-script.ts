import { CliError } from "../core/errors.ts";
import { toolVersion } from "../core/tool-version.ts";
import type { CheckedMigration } from "../project/check-migration.ts";
import type { DefinitionFile } from "../project/definition-file.ts";
import { engineScript } from "./ledger/engine.ts";
import { journaledStatements } from "./run/journal.ts";
import type { CheckedWork } from "./ledger/pending-work.ts";
import { mannerOf } from "./run/statement-effect.ts";
import type { LedgerState } from "./ledger/state.ts";

/**
 * Writes what a run would do as a script for psql that leaves the same behind: objects, ledger, history and journal. It
 * stops at the first error, and then the next run, by psql with a new script or by the tool, goes on from there.
 */
export function migrationScript(
  work: CheckedWork,
  state: LedgerState,
  lockTimeout: number,
): string {
  const halfWay = state.journal[0];
  if (halfWay !== undefined) throw halfWayError(halfWay.version);
  const parts = [
    ...(state.engine === "current" ? [] : [transaction(engineScript())]),
    ...work.migrations.map((migration) => migrationPart(migration, lockTimeout)),
    ...(work.definitions.length === 0
      ? []
      : [transaction([...work.definitions.map(definitionPart), swapping].join("\n"))]),
    partitionsPart,
  ];
  return [header(state, lockTimeout), ...parts].join("\n\n");
}

function halfWayError(version: string): CliError {
  return new CliError("MIGRATION_INTERRUPTED", {
    message: `Migration "${version}" is half-way, and a script cannot go on where it stopped.`,
    hint: 'Complete it with "doramaflix-db migrate", and then write the script for the rest.',
  });
}

/** What the ledger records has placeholders, and what runs has their values, which belong into no file. */
function variablesError(version: string): CliError {
  return new CliError("USAGE", {
    message: `Migration "${version}" has variables, whose values a script would show.`,
    hint: "Apply it with the tool: doramaflix-db migrate",
  });
}

function header({ facts }: LedgerState, lockTimeout: number): string {
  return `-- What doramaflix-db ${toolVersion()} would run now in database ${oneLine(facts.database)}. Run it with: psql -X -f FILE
\\set ON_ERROR_STOP on
${Object.entries(settings(lockTimeout))
  .map(([name, value]) => `set ${name} = ${literal(value)};`)
  .join("\n")}
do $lock$
begin
    if not pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended('doramaflix-db migrations', 0)) then
        raise exception 'Another run holds the migration lock of this database.';
    end if;
end
$lock$;`;
}

/** What the script begins with, and puts the session back to after each migration. */
function settings(lockTimeout: number): Readonly<Record<string, string>> {
  return {
    client_min_messages: "warning",
    timezone: "UTC",
    datestyle: "ISO, YMD",
    standard_conforming_strings: "on",
    statement_timeout: "0",
    lock_timeout: String(lockTimeout),
    "doramaflix_db.tool_version": toolVersion(),
  };
}

/** A line break would end the comment. */
function oneLine(name: string): string {
  return JSON.stringify(name);
}

function transaction(statements: string): string {
  return `begin;\n${statements}\ncommit;`;
}

function migrationPart(migration: CheckedMigration, lockTimeout: number): string {
  const { version, up } = migration;
  if (up.recorded !== undefined) throw variablesError(version.name);
  const title = `-- ${version.name}\n`;
  if (!up.transaction) return title + statementsPart(migration, lockTimeout);
  return `${title}${transaction(recording(migration, "null"))}\n${clearing(lockTimeout)}`;
}

/** The migrations may have asked for partitions; with a lock_timeout of its own it waits as the tool does. */
const partitionsPart = "set lock_timeout = 0;\ncall public.create_partitions();";

/** What a migration has left in the session must not meet the next one. */
function clearing(lockTimeout: number): string {
  return `reset session authorization;
reset role;
select public.clear_session(${literal(JSON.stringify(settings(lockTimeout)))});
select public.release_advisory_locks();`;
}

function statementsPart(migration: CheckedMigration, lockTimeout: number): string {
  const { version, source, up } = migration;
  const key = `${literal(version.name)}, 'up'`;
  const sent = { name: version.name, sql: up.sql, start: up.start, source };
  const statements = journaledStatements(sent, []).flatMap(({ parsed, place, text, checksum }) => {
    const { effect, concurrent } = mannerOf(parsed);
    const sign = effect === undefined ? "null" : literal(JSON.stringify(effect));
    // As in a run, no time limit ends an index build in the middle.
    const statement = concurrent
      ? `set lock_timeout = 0;\n${text};\nset lock_timeout = ${lockTimeout};`
      : `${text};`;
    return [
      `select public.begin_statement(${key}, ${place}, ${literal(text)}, ${literal(checksum)}, ${sign});`,
      statement,
      `select public.end_statement(${key}, ${place});`,
    ];
  });
  return [...statements, recording(migration, "'{}'"), clearing(lockTimeout)].join("\n");
}

function recording(
  { version, description, source, up, down }: CheckedMigration,
  statements: string,
): string {
  const way =
    "sql" in down
      ? `rollback_sql => ${literal(down.recorded ?? down.sql)}`
      : `irreversible => ${literal(down.irreversible)}`;
  return `select public.apply_migration(
    version => ${literal(version.name)},
    description => ${literal(description)},
    ${way},
    checksum => ${literal(source.checksum)},
    statements => ${statements},
    up_sql => ${literal(up.sql)}
);`;
}

function definitionPart({ source, kind, name, refersTo }: DefinitionFile): string {
  return `select public.apply_definition(
    path => ${literal(source.path)},
    kind => ${literal(kind)},
    name => ${literal(name)},
    refers_to => array[${refersTo.map(literal).join(", ")}]::text[],
    checksum => ${literal(source.checksum)},
    definition => ${literal(source.text)}
);`;
}

/** Views that were built beside the old ones take their places, which locks these until the commit that comes next. */
const swapping = "select public.swap_definitions();";

/** Quotes a text; one of several lines in dollars, so that it can be read as it stands in its file. */
function literal(text: string): string {
  // psql takes nothing in dollars for a variable, and in quotes neither.
  if (!text.includes("\n") && !text.includes("\\")) return `'${text.replaceAll("'", "''")}'`;
  let tag = "text";
  for (let number = 2; text.includes(`$${tag}`); number += 1) tag = `text${number}`;
  return `$${tag}$${text}$${tag}$`;
}
