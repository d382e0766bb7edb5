import { replacePlaceholders } from "../core/variables.ts";
import type { SourceText } from "../core/source-text.ts";
import type { MigrationFile, MigrationPart } from "./migration-file.ts";

/** Values by the names of their variables. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Puts values in the place of the placeholders of both parts. Throws VARIABLE_UNDEFINED. The SQL parser must be loaded.
 */
export function fillVariables(migration: MigrationFile, variables: Variables): MigrationFile {
  const { source, up, down } = migration;
  return {
    ...migration,
    up: fillPart(up, source, variables),
    down: "sql" in down ? fillPart(down, source, variables) : down,
  };
}

/** The same for one part, or for rollback SQL of the ledger. */
export function fillPart<Part extends Pick<MigrationPart, "sql" | "start">>(
  part: Part,
  source: Pick<SourceText, "path" | "text">,
  variables: Variables,
): Part & Pick<MigrationPart, "recorded" | "originalIndex"> {
  const { text, originalIndex } = replacePlaceholders({ source, ...part }, variables);
  return text === part.sql ? part : { ...part, sql: text, recorded: part.sql, originalIndex };
}
