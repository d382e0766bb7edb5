import { z } from "zod";

/** What one check found; the published form of `doctor --json`. */
export const Check = z.object({
  name: z.string(),
  level: z.enum(["ok", "note", "warning", "error"]),
  message: z.string(),
  /** Why it matters. */
  reason: z.string().nullable(),
  /** The statement or command that changes it. */
  cure: z.string().nullable(),
});
export type Check = z.infer<typeof Check>;

export const DoctorResult = z.object({
  database: z.string(),
  user: z.string(),
  serverVersion: z.string(),
  /** Of the server's machine; null where it is another one and was not given. */
  machine: z.object({
    memoryBytes: z.number().nullable(),
    processors: z.number().nullable(),
    isLocal: z.boolean(),
  }),
  /** The worst last. */
  checks: z.array(Check),
});
export type DoctorResult = z.infer<typeof DoctorResult>;
