/** What a migration consists of, as far as it is known: a part that is null is left out. */
export interface MigrationText {
  readonly description: string | null;
  readonly up: PartText | null;
  readonly down: PartText | { readonly irreversible: string } | null;
}

export interface PartText {
  readonly sql: string;
  readonly transaction: boolean;
}

/** Writes the text of a migration's file, as docs/migration-format.md says. */
export function writeMigration({ description, up, down }: MigrationText): string {
  const blocks = [
    description !== null && `-- migrate:description ${oneLine(description)}`,
    up !== null && part("up", up),
    down !== null &&
      ("sql" in down
        ? part("down", down)
        : `-- migrate:irreversible ${oneLine(down.irreversible)}`),
  ].filter((block) => block !== false);
  return `${blocks.join("\n\n")}\n`;
}

function part(keyword: string, { sql, transaction }: PartText): string {
  return `-- migrate:${keyword}${transaction ? "" : " transaction:false"}\n${sql.trim()}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
