import type { SourceText } from "../../core/source-text.ts";
import type { ForeignFolder } from "./foreign-folder.ts";
import type { Problems } from "./problems.ts";

export const toolNames = [
  "dbmate",
  "goose",
  "golang-migrate",
  "flyway",
  "node-pg-migrate",
  "graphile-migrate",
] as const;
export type ToolName = (typeof toolNames)[number];

/** The statements of one direction: a piece of a file of the other tool. */
export interface ForeignPart {
  readonly source: SourceText;
  readonly sql: string;
  /** Where `sql` begins in the file's text, in UTF-16 units. */
  readonly start: number;
  readonly transaction: boolean;
}

/** A migration as the other tool understands its files. */
export interface ForeignMigration {
  /** What the tool's history calls it. */
  readonly key: string;
  /** A whole number, in the digits of the file's name. */
  readonly digits: string;
  /** What the file's name says besides the number. */
  readonly words: string;
  /** Comments that stand before the statements. */
  readonly head: string;
  readonly up: ForeignPart;
  readonly down: ForeignPart | undefined;
  /** What the tool's history records of the text, where it records that. */
  readonly checksum?: string;
}

export interface ForeignFiles {
  readonly migrations: readonly ForeignMigration[];
  /** Files that the tool runs again whenever they have changed. */
  readonly repeatable: readonly SourceText[];
  /** SQL files that the tool itself takes for no migration. */
  readonly ignored: readonly string[];
}

/** A row of the other tool's history. */
export type HistoryRow = Readonly<Record<string, string | boolean | null>>;

/** What the history says of one migration. */
export interface AppliedMigration {
  readonly key: string;
  /** A timestamp with time zone as the server writes it; null where the tool records none. */
  readonly appliedAt: string | null;
  readonly checksum?: string | null;
}

export interface ImportTool {
  /** As its makers write it. */
  readonly title: string;
  /** True when the tool looks for migrations below the folder too. */
  readonly recursive: boolean;
  /** Takes what a name and a text say apart; what is wrong with single files goes to `problems`. */
  read(folder: ForeignFolder, problems: Problems): ForeignFiles;
  /** Takes out what only the tool reads; the rest stays as it is. */
  tidy(sql: string): string;
  readonly history: {
    /** Where the tool keeps it unless told otherwise. */
    readonly table: string;
    /** The list and the order of a SELECT; numbers as text, because a timestamp of 17 digits is no JavaScript number. */
    readonly columns: string;
    readonly orderBy: string;
    /** Says what is applied, in any order; throws for a state that cannot be taken over. */
    applied(
      rows: readonly HistoryRow[],
      migrations: readonly ForeignMigration[],
    ): readonly AppliedMigration[];
  };
}
