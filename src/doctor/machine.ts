import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import type { Server } from "./rows.ts";

/** The machine on which the server runs, as far as it is known. */
export interface Machine {
  readonly isLocal: boolean;
  readonly memoryBytes: number | undefined;
  readonly processors: number | undefined;
}

/** What the user says of it. */
export interface GivenMachine {
  readonly memoryBytes?: number | undefined;
  readonly processors?: number | undefined;
}

/**
 * Describes the server's machine: as it is given; otherwise ours, where the server's process runs on it. An address
 * would not tell: a tunnel ends at a loopback address too.
 */
export function describeMachine({ process_id: processId }: Server, given: GivenMachine): Machine {
  const isLocal = runsHere(processId);
  return {
    isLocal,
    memoryBytes: given.memoryBytes ?? (isLocal ? memory() : undefined),
    processors: given.processors ?? (isLocal ? availableParallelism() : undefined),
  };
}

function runsHere(processId: number): boolean {
  try {
    return readFileSync(`/proc/${processId}/comm`, "utf8").trim() === "postgres";
  } catch {
    return false;
  }
}

/** A container may have less than its machine. */
function memory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
