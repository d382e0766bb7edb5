import { z } from "zod";
import { ErrorDocument, Failure } from "../output/results.ts";

const Moment = z.iso.datetime().describe("UTC");
const Mode = z.enum(["plain", "concurrently", "swap"]);
export type Mode = z.infer<typeof Mode>;

const RefreshedView = z.object({
  /** Schema and name, quoted where needed. */
  view: z.string(),
  level: z.number(),
  needs: z.array(z.string()),
  outcome: z.enum([
    "refreshed",
    "skipped",
    "failed",
    /** Of a run that was interrupted or lost its session: the one in hand, and those after it. */
    "stopped",
    "not begun",
    /** With --dry-run; a "depends" one is refreshed if one of those in `after` changes. */
    "planned",
    "depends",
  ]),
  mode: Mode.nullable(),
  reason: z.string().nullable().describe("why this way, or why not; a code"),
  since: Moment.nullable().describe("of what is unchanged: when its last refresh began"),
  changesWith: z.array(z.string()).describe("of what is not due: what changes it beside rows"),
  dueIn: z.number().nullable().describe("milliseconds, of what is not due"),
  processId: z.number().nullable().describe("of the session that refreshes it"),
  /** The views that failed and that it needs; with --dry-run those that are refreshed before it. */
  after: z.array(z.string()),
  rows: z.number().nullable(),
  changedRows: z.number().nullable().describe("of a concurrent refresh"),
  duration: z.number().nullable().describe("milliseconds"),
  walBytes: z.number().nullable().describe("that the server wrote meanwhile"),
  failure: Failure.nullable(),
});
export type RefreshedView = z.infer<typeof RefreshedView>;

/** What `views refresh` prints with --json. */
export const RefreshResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  views: z.array(RefreshedView),
  stopped: ErrorDocument.shape.error.nullable().describe("what ended the run before its end"),
});
export type RefreshResult = z.infer<typeof RefreshResult>;

const ViewStatus = z.object({
  view: z.string(),
  level: z.number(),
  needs: z.array(z.string()),
  populated: z.boolean(),
  stale: z.boolean().describe("older than its policy's interval, never refreshed, or unpopulated"),
  refreshedNowBy: z.number().nullable().describe("process of the session that is at it"),
  policy: z.object({ every: z.number().describe("milliseconds"), prefer: z.string() }).nullable(),
  age: z
    .number()
    .nullable()
    .describe("milliseconds since its last refresh, or since it was found unchanged"),
  lastRefresh: z
    .object({
      at: Moment,
      by: z.string(),
      mode: Mode.nullable(),
      reason: z.string().nullable(),
      duration: z.number().nullable().describe("milliseconds"),
      usualDuration: z.number().nullable().describe("median of those before it, up to ten"),
      earlier: z.number().describe("how many of those there are"),
    })
    .nullable(),
  failures: z.object({
    number: z.number().describe("since the last refresh that succeeded"),
    lastError: z.string().nullable(),
  }),
  changes: z.object({
    state: z.enum(["unchanged", "changed", "replaced", "unknown"]),
    rows: z.number().nullable(),
    changed: z.array(z.string()).describe("the tables below that are not as they were"),
    replaced: z
      .array(z.string())
      .describe("those truncated, rewritten, or with another set of partitions"),
    alsoWith: z.array(z.string()).describe("what changes the view beside rows"),
  }),
  rows: z.number().nullable(),
  size: z.number().describe("bytes, with indexes"),
  bloat: z.number().nullable().describe("times its size when it was last written anew"),
  concurrentIndex: z.string().nullable().describe("what allows REFRESH CONCURRENTLY"),
  /** Where there is none: columns that may be unique, the likeliest first. */
  candidateKeys: z.array(
    z.object({
      columns: z.string(),
      createIndex: z.string(),
      duplicatesQuery: z.string(),
      duplicates: z.number().nullable().describe("with --check-keys: how many values repeat"),
    }),
  ),
  swapObstacles: z.array(z.string()),
});
export type ViewStatus = z.infer<typeof ViewStatus>;

/** What `views status` prints with --json. */
export const StatusResult = z.object({
  database: z.string(),
  recordsAll: z.boolean().describe("whether refreshes by others are recorded"),
  views: z.array(ViewStatus),
  policiesWithoutView: z.array(z.object({ schema: z.string(), view: z.string() })),
});
export type StatusResult = z.infer<typeof StatusResult>;

/** What `views record-refreshes` prints with --json. */
export const RecordingResult = z.object({
  database: z.string(),
  recordsAll: z.boolean(),
  changed: z.boolean(),
});
export type RecordingResult = z.infer<typeof RecordingResult>;
