import type { Check } from "./check.ts";
import { indexChecks } from "./checks/indexes.ts";
import { partitionChecks, vacuumChecks, viewChecks } from "./checks/partitions.ts";
import { schemaChecks } from "./checks/schema.ts";
import { serverChecks } from "./checks/server.ts";
import { sessionChecks } from "./checks/sessions.ts";

/** In the order in which they run and, within a level, are shown: what stops work now comes first. */
export const checks: readonly Check[] = [
  ...sessionChecks,
  ...serverChecks,
  ...partitionChecks,
  ...viewChecks,
  ...vacuumChecks,
  ...schemaChecks,
  ...indexChecks,
];
