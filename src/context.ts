import type { Config } from "./config/schema.ts";
import type { GivenTarget } from "./config/targets.ts";
import type { ExitCode } from "./core/exit-codes.ts";
import type { Database } from "./db/database.ts";
import type { Output } from "./output/output.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly project?: string;
  readonly json?: true;
  /** Of the commands that change a database. */
  readonly expectDatabase?: string;
  readonly environment?: string;
}

/** Partitions that were created, and what could not be. */
export interface CreatedPartitions {
  readonly created: string[];
  readonly failed: {
    readonly parent: string;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

/** What became of work on several objects, in sentences. */
export interface WorkReport {
  readonly summary: string;
  /** Why something was not done, for each object. */
  readonly failures: readonly string[];
  /** What somebody should look at. */
  readonly findings: readonly string[];
}

/** Where work of another feature is done: in that session, saying what it has to say there, until it is told to stop. */
export interface WorkPlace {
  readonly database: Database;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** How far a partitioned table reaches. */
export interface Runway {
  readonly parent: string;
  /** Milliseconds from now that have partitions; 0 when the present has none. */
  readonly runway: number;
}

/** The work of other features that keeps a database in order, for the scheduler. */
export interface Maintenance {
  readonly createPartitions: (place: WorkPlace) => Promise<WorkReport>;
  readonly retirePartitions: (
    place: WorkPlace,
    input: { readonly drop: boolean; readonly folder: string | undefined },
  ) => Promise<WorkReport>;
  /** Those that are older than their policy allows. */
  readonly refreshViews: (place: WorkPlace) => Promise<WorkReport>;
  /** Of the statistics of statements; those older than `keep` milliseconds are deleted. */
  readonly takeSnapshot: (
    place: WorkPlace,
    input: { readonly keep: number },
  ) => Promise<WorkReport>;
  readonly checkHealth: (
    place: WorkPlace,
    input: { readonly failOn: "error" | "warning" | "note" },
  ) => Promise<WorkReport>;
  readonly readRunways: (database: Database) => Promise<readonly Runway[]>;
}

/** What every command is given; made once per process, in program.ts. */
export interface Context {
  readonly config: Config;
  readonly output: Output;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Opens one connection, starting the embedded server if none is configured, and closes what it opened. */
  readonly withDatabase: <Result>(run: (database: Database) => Promise<Result>) => Promise<Result>;
  /** Creates the partitions that the policies of a database want, and it lacks; for a run that may have made policies. */
  readonly createPartitions: (database: Database) => Promise<CreatedPartitions>;
  /** Loads the work of the other features. */
  readonly loadMaintenance: () => Promise<Maintenance>;
  /** Makes the contexts of other databases of the same project; opens none of them. Throws CONFIG_INVALID. */
  readonly forTargets: (given: readonly GivenTarget[]) => Promise<readonly TargetContext[]>;
}

/** One database of several, under its name without secrets; what its context's output says begins with that name. */
export interface TargetContext {
  readonly name: string;
  readonly context: Context;
}

/** Reads its input, calls its verb, hands the Result and its view to the output, and says how the process ends. */
export type Action<Options> = (
  context: Context,
  options: Options,
  ...operands: string[]
) => Promise<ExitCode>;

/** Turns an Action into a handler for commander. */
export type ActionRunner = <Options>(
  action: Action<Options>,
) => (...args: unknown[]) => Promise<void>;
