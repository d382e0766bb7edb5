import { z } from "zod";

/** What `server status --json` prints. The password is not in it; `server url` prints that. */
export const ServerStatus = z.object({
  running: z.boolean(),
  /** Whether the server goes on after the last command, because `server start` asked for it. */
  keptRunning: z.boolean(),
  /** False until the first command has created the data directory. */
  created: z.boolean(),
  pid: z.int().positive().nullable(),
  port: z.int().positive().nullable(),
  /** The address without the password; null while the server is not running. */
  url: z.string().nullable(),
  /** Of the installed server programs, such as "18.4". */
  version: z.string(),
  dataDirectory: z.string(),
  logFile: z.string(),
});

/** What `server start --json` prints. */
export const ServerStarted = ServerStatus.extend({ alreadyRunning: z.boolean() });

/** What `server stop --json` prints. */
export const ServerStopped = ServerStatus.extend({ wasRunning: z.boolean() });

/** What `server url --json` prints. */
export const ServerUrl = z.object({ url: z.string() });

export type ServerStatus = z.infer<typeof ServerStatus>;
export type ServerStarted = z.infer<typeof ServerStarted>;
export type ServerStopped = z.infer<typeof ServerStopped>;
export type ServerUrl = z.infer<typeof ServerUrl>;
