import { ExitCode } from "./exit-codes.ts";

/**
 * Every error a user can meet: its stable code and the exit code it ends with.
 * docs/errors.md has a row for each; a test compares the two.
 */
const exitCodes = {
  USAGE: ExitCode.usage,
  CONFIG_INVALID: ExitCode.usage,
  PROJECT_NOT_FOUND: ExitCode.usage,
  MIGRATION_FILE_INVALID: ExitCode.usage,
  MIGRATION_SYNTAX: ExitCode.usage,
  MIGRATION_STATEMENT_FORBIDDEN: ExitCode.usage,
  MIGRATION_VERSION_DUPLICATE: ExitCode.usage,
  MIGRATION_UNKNOWN: ExitCode.usage,
  DATABASE_UNEXPECTED: ExitCode.usage,
  ENVIRONMENT_UNEXPECTED: ExitCode.usage,
  VARIABLE_UNDEFINED: ExitCode.usage,
  DEFINITION_FILE_INVALID: ExitCode.usage,
  IMPORT_FILES_UNUSABLE: ExitCode.usage,
  IMPORT_FILE_EXISTS: ExitCode.usage,
  SEEDS_NOT_FOUND: ExitCode.usage,
  SEED_FILE_INVALID: ExitCode.usage,
  BACKFILL_FILE_INVALID: ExitCode.usage,
  POLICY_NOT_FOUND: ExitCode.usage,
  VIEW_NOT_FOUND: ExitCode.usage,
  REFRESH_IMPOSSIBLE: ExitCode.usage,
  BASELINE_INVALID: ExitCode.usage,
  BASE_UNUSABLE: ExitCode.usage,
  SETUP_FAILED: ExitCode.usage,
  SNAPSHOT_INVALID: ExitCode.usage,
  STATEMENT_NOT_FOUND: ExitCode.usage,
  SNAPSHOT_MISSING: ExitCode.usage,
  CONNECTION_FAILED: ExitCode.connection,
  CONNECTION_LOST: ExitCode.connection,
  SERVER_TOO_OLD: ExitCode.connection,
  SERVER_IS_STANDBY: ExitCode.connection,
  POOLER_UNSUITABLE: ExitCode.connection,
  SERVER_REFUSED: ExitCode.connection,
  PERMISSION_MISSING: ExitCode.connection,
  EMBEDDED_SERVER_FAILED: ExitCode.connection,
  LEDGER_FOREIGN: ExitCode.connection,
  ENGINE_MISSING: ExitCode.connection,
  ENGINE_NEWER: ExitCode.connection,
  STATISTICS_MISSING: ExitCode.connection,
  SERVER_CHANGED: ExitCode.connection,
  MIGRATION_FAILED: ExitCode.migrationFailed,
  ROLLBACK_FAILED: ExitCode.migrationFailed,
  DEFINITION_FAILED: ExitCode.migrationFailed,
  LOCK_TIMEOUT: ExitCode.migrationFailed,
  MIGRATION_INTERRUPTED: ExitCode.migrationInterrupted,
  LOCKED: ExitCode.locked,
  MIGRATION_CHANGED: ExitCode.ledgerMismatch,
  MIGRATION_MISSING: ExitCode.ledgerMismatch,
  MIGRATION_RENAMED: ExitCode.ledgerMismatch,
  MIGRATION_OUT_OF_ORDER: ExitCode.ledgerMismatch,
  MIGRATION_GAP: ExitCode.ledgerMismatch,
  MIGRATION_IRREVERSIBLE: ExitCode.ledgerMismatch,
  IMPORT_HISTORY_UNUSABLE: ExitCode.ledgerMismatch,
  BACKFILL_CHANGED: ExitCode.ledgerMismatch,
  SEED_FAILED: ExitCode.operationFailed,
  PARTITION_FAILED: ExitCode.operationFailed,
  CONVERSION_REFUSED: ExitCode.operationFailed,
  CONVERSION_FAILED: ExitCode.operationFailed,
  BACKFILL_REFUSED: ExitCode.operationFailed,
  BACKFILL_FAILED: ExitCode.operationFailed,
  INTERRUPTED: ExitCode.interrupted,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof exitCodes;

export const errorCodes = Object.keys(exitCodes) as ErrorCode[];

/** A place in a file: line and column count from 1, the column in code points. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, without its line ending. */
  readonly text: string;
}

interface ErrorParts {
  /** What failed, as a sentence. */
  readonly message: string;
  /** Why, when the message does not say it. */
  readonly detail?: string | undefined;
  /** What to do next. */
  readonly hint?: string | undefined;
  readonly location?: SourceLocation | undefined;
  /** The five-character SQLSTATE, when the server raised it. */
  readonly sqlState?: string | undefined;
  readonly cause?: unknown;
}

/** An error with a stable code, a reason and a remedy; everything else that is thrown is a bug of ours. */
export class CliError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly location: SourceLocation | undefined;
  readonly sqlState: string | undefined;

  constructor(code: ErrorCode, parts: ErrorParts) {
    super(parts.message, { cause: parts.cause });
    this.name = "CliError";
    this.code = code;
    this.detail = parts.detail;
    this.hint = parts.hint;
    this.location = parts.location;
    this.sqlState = parts.sqlState;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.code];
  }
}
