import type { Context } from "../context.ts";
import type { View } from "../output/output.ts";
import { examine, type Scope } from "./doctor/examine.ts";
import { doRepairs } from "./doctor/repair.ts";
import { planRepairs } from "./doctor/repairs.ts";
import type { DoctorResult } from "./doctor/results.ts";
import type { LockPatience } from "./lock-patience.ts";

export interface DoctorInput extends Scope, LockPatience {
  readonly fix: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  /** Shows what is going to be repaired. */
  readonly view: View<DoctorResult>;
}

/** Looks for what is wrong with the partitions of a database and, where asked to, cures what can be cured safely. */
export async function doctor(
  { output, signal, withDatabase }: Context,
  { fix, yes, view, lockTimeout, lockRetries, ...scope }: DoctorInput,
): Promise<DoctorResult> {
  return withDatabase(async (database) => {
    const [row] = await database.query("select pg_catalog.current_database() as name");
    const { name } = row as { name: string };
    const { result: found, scans } = await examine(database, scope);
    const result = { database: name, ...found, repairs: [] };
    if (!fix) return result;
    const repairs = await planRepairs(database, { findings: found.findings, scans });
    if (repairs.length === 0) return result;
    output.preview({ ...result, repairs }, view);
    await output.confirm(`Repair this in database "${name}"?`, { yes });
    const patience = { lockTimeout, lockRetries };
    const done = await doRepairs({ database, output, signal, patience }, repairs);
    const { result: left } = await examine(database, scope);
    return { database: name, ...left, repairs: done };
  });
}

/** True where an object could not be looked at or repaired. */
export function hasFailures({ unexamined, repairs }: DoctorResult): boolean {
  return unexamined.length > 0 || repairs.some(({ outcome }) => outcome !== "done");
}

/** True for errors and warnings; a note is nothing to be woken up by. */
export function hasFindings({ findings }: DoctorResult): boolean {
  return findings.some(({ level }) => level !== "note");
}
