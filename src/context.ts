import type { Config } from "./config/schema.ts";
import type { GivenTarget } from "./config/targets.ts";
import type { SourceText } from "./core/source-text.ts";
import type { ExitCode } from "./core/exit-codes.ts";
import type { Database } from "./db/database.ts";
import type { Output } from "./output/output.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly project?: string;
  readonly json?: true;
  /** Of the commands that write their result in several formats; "json" is that of --json. */
  readonly format?: string;
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

/** The major versions of the server that npm has. */
export type PostgresMajor = "15" | "16" | "17" | "18";

/** What a statement of a migration did where it was tried, to relations that were there before the migration. */
export interface TriedStatement {
  readonly line: number;
  readonly text: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly locks: readonly {
    readonly relation: string;
    readonly kind: string;
    readonly mode: string;
    /** Whether others have to wait for it with what they write. */
    readonly holdsUpWrites: boolean;
  }[];
  /** Tables and materialized views that got a new file. */
  readonly rewritten: readonly string[];
  /** What the statement's text alone had told. */
  readonly foreseen: readonly {
    readonly relation: string;
    readonly lock: string;
    readonly rewrites: boolean;
  }[];
}

/** An empty database on a server that goes afterwards, and the migrations of the project, applied to it one by one. */
export interface ScratchDatabase {
  readonly database: Database;
  /** As the server counts: 180004 for 18.4. */
  readonly serverVersion: number;
  /** Executes a migration whose forerunners are applied, and rolls it back; null where it runs without a transaction. */
  readonly attempt: (version: string) => Promise<readonly TriedStatement[] | null>;
  /** Applies all migrations up to that one. */
  readonly apply: (version: string) => Promise<void>;
  /** Takes the newest one back. */
  readonly rollBack: () => Promise<void>;
  /** Applies what is left, functions and views too, and creates the partitions that are missing. */
  readonly complete: () => Promise<void>;
}

/** A server that starts empty, serves this process alone and keeps nothing. */
export interface ScratchServer {
  /** Such as "18.4". */
  readonly version: string;
  /** Gives an empty database to `run`; the one before it is gone, and so are the roles that were made in it. */
  readonly withDatabase: <Result>(
    run: (scratch: ScratchDatabase) => Promise<Result>,
  ) => Promise<Result>;
}

export interface ScratchOptions {
  /** Undefined: the version that is installed with the toolkit. */
  readonly postgres: PostgresMajor | undefined;
  /** SQL for each new database: roles and extensions that the migrations take for granted. */
  readonly setup: SourceText | undefined;
}

/** Something that is not as it should be with an object of a database. */
export interface Problem {
  /** Of the check of `health` that found it. */
  readonly name: string;
  readonly object: string;
  /** The numbers and names behind it, which depend on the check. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly cure: string | null;
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
  /** Returns the hash of the engine that this version of the tool installs. */
  readonly engineHash: () => Promise<string>;
  /** Makes the named checks of `health` in a database. */
  readonly findProblems: (
    database: Database,
    checks: readonly string[],
  ) => Promise<readonly Problem[]>;
  /** Starts a server for this run alone, and removes it with all its files whatever happens. */
  readonly withScratchServer: <Result>(
    options: ScratchOptions,
    run: (server: ScratchServer) => Promise<Result>,
  ) => Promise<Result>;
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
