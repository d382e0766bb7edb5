import { z } from "zod";
import { Failure } from "../output/results.ts";

export const Moment = z.iso.datetime().describe("UTC");

/** What `partitions create` prints with --json. */
export const CreateResult = z.object({
  database: z.string(),
  parents: z.array(
    z.object({
      parent: z.string(),
      created: z.array(
        z.object({
          partition: z.string(),
          from: Moment.nullable().describe("null for the catch-all partition"),
          to: Moment.nullable(),
          duration: z.number().describe("milliseconds, of the attempt that succeeded"),
          attempts: z.number().describe("1 when its locks were to be had at once"),
        }),
      ),
      /** What could not be created; without bounds where the table itself is the reason. */
      failed: z.array(Failure.extend({ from: Moment.nullable(), to: Moment.nullable() })),
      coveredUntil: Moment.nullable().describe("null when the present period has no partition"),
    }),
  ),
});
export type CreateResult = z.infer<typeof CreateResult>;
export type CreatedParent = CreateResult["parents"][number];

const Session = z.object({
  processId: z.number().describe("0 for a prepared transaction"),
  user: z.string().nullable(),
  application: z.string().nullable(),
  mode: z.string().describe("the lock that it holds"),
  state: z.string().nullable(),
  transactionAge: z.number().nullable().describe("milliseconds"),
  query: z.string().nullable(),
});

/** What `partitions plan` prints with --json. */
export const PlanResult = z.object({
  database: z.string(),
  parents: z.array(
    z.object({
      parent: z.string(),
      /** Why nothing can be planned for the table. */
      failed: Failure.nullable(),
      missing: z.array(
        z.object({
          partition: z.string(),
          from: Moment.nullable().describe("null for the catch-all partition"),
          to: Moment.nullable(),
          reason: z.string(),
          statements: z.array(z.string()),
        }),
      ),
      locks: z.array(
        z.object({
          statement: z.string(),
          relation: z.string(),
          mode: z.string(),
          /** Those that now hold a lock that stands against it. */
          sessions: z.array(Session),
        }),
      ),
      /** The partitions that ATTACH reads whole while they are locked against everything. */
      scans: z.array(
        z.object({ partition: z.string(), size: z.number().nullable().describe("bytes") }),
      ),
    }),
  ),
});
export type PlanResult = z.infer<typeof PlanResult>;
export type PlannedParent = PlanResult["parents"][number];

/** What `partitions status` prints with --json. */
export const StatusResult = z.object({
  database: z.string(),
  parents: z.array(
    z.object({
      parent: z.string(),
      granularity: z.string(),
      ahead: z.number(),
      failed: Failure.nullable(),
      coveredUntil: Moment.nullable().describe("null when the present period has no partition"),
      runway: z.number().describe("milliseconds from now; 0 when the present has no partition"),
      partitions: z.array(
        z.object({
          partition: z.string(),
          state: z.string().describe("existing, misaligned, expired, detaching or catch-all"),
          from: Moment.nullable().describe("null for MINVALUE, and for the default partition"),
          to: Moment.nullable().describe("null for MAXVALUE, and for the default partition"),
          rows: z.number().nullable().describe("as of the last VACUUM or ANALYZE"),
          size: z.number().nullable().describe("bytes, with indexes"),
        }),
      ),
      /** What is wanted and has no partition: missing, overlapping or hole. */
      gaps: z.array(z.object({ state: z.string(), from: Moment, to: Moment, reason: z.string() })),
      /** Rows in the catch-all partition, by the period that they block; null where it took too long to count them. */
      strays: z
        .array(
          z.object({
            partition: z.string(),
            from: Moment.nullable().describe("null for rows that belong in no period"),
            to: Moment.nullable(),
            rows: z.number(),
            due: z
              .boolean()
              .describe(
                "whether they belong into a partition that is wanted by now; the others stay",
              ),
          }),
        )
        .nullable(),
    }),
  ),
  /** Tables that are partitioned by time and have no policy. */
  withoutPolicy: z.array(z.string()),
});
export type StatusResult = z.infer<typeof StatusResult>;
export type ParentStatus = StatusResult["parents"][number];
