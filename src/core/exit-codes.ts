/** Process exit codes, the same for every command; documented in docs/errors.md. */
export const ExitCode = {
  done: 0,
  findings: 1,
  usage: 2,
  connection: 3,
  migrationFailed: 4,
  migrationInterrupted: 5,
  locked: 6,
  ledgerMismatch: 7,
  operationFailed: 8,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
