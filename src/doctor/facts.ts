import type { Pooling } from "../db/pooler.ts";
import type { Engine, Server, Setting } from "./rows.ts";
import type { Machine } from "./machine.ts";
import type { Check } from "./results.ts";

/** All that the checks look at. */
export interface Facts {
  readonly server: Server;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly engine: Engine | undefined;
  /** Of the engine that this version of the tool installs. */
  readonly engineHash: string;
  readonly machine: Machine;
  /** How far the server's clock is ahead of ours, in milliseconds, and how exactly that is known. */
  readonly clock: { readonly ahead: number; readonly accuracy: number };
  /** Of a pooler on the way; undefined where there is none. */
  readonly pooling: Pooling | undefined;
}

/** Looks at one thing; nothing to say where it does not apply. */
export type Examine = (facts: Facts) => Check | undefined;

export function ok(name: string, message: string): Check {
  return { name, level: "ok", message, reason: null, cure: null };
}

export function found(
  name: string,
  level: "note" | "warning" | "error",
  said: { readonly message: string; readonly reason: string; readonly cure: string | null },
): Check {
  return { name, level, ...said };
}
