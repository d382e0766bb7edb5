import { CliError } from "../core/errors.ts";
import { readCount, readDuration } from "../core/option-values.ts";

/** The options as they are given on the command line. */
export interface BackfillTexts {
  readonly batch?: string;
  readonly batchTime?: string;
  readonly maxLag?: string;
  readonly maxWaiting?: string;
  readonly pause?: string;
  readonly lockTimeout?: string;
  readonly lockRetries?: string;
  readonly restart?: true;
  readonly acceptChanged?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

export interface BackfillInput {
  /** As the user wrote it. */
  readonly file: string;
  /** Of the first batch. */
  readonly rows: number;
  /** What a batch is to take, in milliseconds; 0: its size stays. */
  readonly batchTime: number;
  /** In milliseconds; 0: no limit. */
  readonly maxLag: number;
  readonly maxWaiting: number;
  /** Between batches, in milliseconds. */
  readonly pause: number;
  /** In milliseconds; 0: no limit. */
  readonly lockTimeout: number;
  readonly lockRetries: number;
  readonly mode: "resume" | "accept" | "restart";
  readonly isDryRun: boolean;
  /** Delete rows without asking. */
  readonly yes: boolean;
}

/** Reads and checks the options; throws USAGE. */
export function readBackfillInput(file: string, texts: BackfillTexts): BackfillInput {
  if (file === "") {
    throw new CliError("USAGE", {
      message: "A backfill needs a file with its statement.",
      hint: "For example: doramaflix-db backfill backfills/lower_emails.sql --dry-run",
    });
  }
  return {
    file,
    rows: readRows(texts.batch),
    batchTime: readDuration("--batch-time", texts.batchTime, 500),
    maxLag: readDuration("--max-lag", texts.maxLag, 10_000),
    maxWaiting: readCount("--max-waiting", texts.maxWaiting, 5),
    pause: readDuration("--pause", texts.pause, 0),
    lockTimeout: readDuration("--lock-timeout", texts.lockTimeout, 1000),
    lockRetries: readCount("--lock-retries", texts.lockRetries, 20),
    mode: modeOf(texts),
    isDryRun: texts.dryRun ?? false,
    yes: texts.yes ?? false,
  };
}

function modeOf({ restart, acceptChanged }: BackfillTexts): BackfillInput["mode"] {
  if (restart && acceptChanged) {
    throw new CliError("USAGE", {
      message: "--restart and --accept-changed exclude each other.",
      hint: "--restart begins with the first row, --accept-changed goes on where the backfill stopped.",
    });
  }
  if (restart) return "restart";
  return acceptChanged ? "accept" : "resume";
}

function readRows(text: string | undefined): number {
  if (text === undefined) return 1000;
  const rows = Number(text);
  if (/^\d{1,7}$/.test(text) && rows >= 1 && rows <= 1_000_000) return rows;
  throw new CliError("USAGE", {
    message: `--batch takes a whole number from 1 to 1000000, not "${text}".`,
    hint: "For example: --batch 5000",
  });
}
