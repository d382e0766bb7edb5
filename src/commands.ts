import type { Command } from "commander";
import type { ActionRunner } from "./context.ts";

interface LeafEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{
    configure(command: Command, run: ActionRunner, loadProgram: LoadProgram): void;
  }>;
}

/** Makes a command tree of which every command is loaded. */
export type LoadProgram = () => Promise<Command>;

/** A command that only has subcommands, which are loaded one by one too. */
interface GroupEntry {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly commands: readonly LeafEntry[];
}

export type CommandEntry = LeafEntry | GroupEntry;

/**
 * Every command; no other file knows every feature. What a command needs is loaded when it is called, so that --help and
 * --version load nothing.
 */
export const commands: readonly CommandEntry[] = [
  {
    name: "migrate",
    summary: "apply pending migrations and changed functions and views",
    load: async () => import("./migrations/migrate.command.ts"),
  },
  {
    name: "rollback",
    summary: "take the newest migrations back",
    load: async () => import("./migrations/rollback.command.ts"),
  },
  {
    name: "status",
    summary: "show what is applied and what is pending",
    load: async () => import("./migrations/status.command.ts"),
  },
  {
    name: "baseline",
    summary: "record migrations without running them",
    load: async () => import("./migrations/baseline.command.ts"),
  },
  {
    name: "repair",
    summary: "record changed, renamed and missing files",
    load: async () => import("./migrations/repair.command.ts"),
  },
  {
    name: "new",
    summary: "write an empty migration with the next number",
    load: async () => import("./migrations/new.command.ts"),
  },
  {
    name: "import",
    summary: "take over the migrations of another tool",
    load: async () => import("./migrations/import.command.ts"),
  },
  {
    name: "check",
    summary: "say whether the files are safe to deploy; needs no database",
    load: async () => import("./checks/check.command.ts"),
  },
  {
    name: "partitions",
    summary: "create partitions ahead of time, retire old ones, and look after both",
    description:
      "Looks after the partitions of the tables that partition_policies names: creates them ahead of time without " +
      "stopping the application, shows how far they reach, and retires those that are old enough.",
    commands: [
      {
        name: "status",
        summary: "show how far the partitions of each table reach",
        load: async () => import("./partitions/status.command.ts"),
      },
      {
        name: "plan",
        summary: "show what create would do, and what it would lock",
        load: async () => import("./partitions/plan.command.ts"),
      },
      {
        name: "create",
        summary: "create the partitions that are missing",
        load: async () => import("./partitions/create.command.ts"),
      },
      {
        name: "retire",
        summary: "detach partitions that are old enough, and drop them later",
        load: async () => import("./partitions/retire.command.ts"),
      },
      {
        name: "convert",
        summary: "turn a plain table into a partitioned one without copying it",
        load: async () => import("./partitions/convert.command.ts"),
      },
      {
        name: "doctor",
        summary: "find what is wrong with partitions, and cure it",
        load: async () => import("./partitions/doctor.command.ts"),
      },
    ],
  },
  {
    name: "views",
    summary: "refresh materialized views where something has changed, and show how fresh they are",
    description:
      "Keeps materialized views fresh: refreshes those in which something has changed, in the order in which they need " +
      "each other and in the way that costs least, and shows how fresh each is and what it would take.",
    commands: [
      {
        name: "refresh",
        summary: "refresh materialized views, each after those that it reads",
        load: async () => import("./matviews/refresh.command.ts"),
      },
      {
        name: "status",
        summary: "show how fresh each materialized view is, and what stands in the way",
        load: async () => import("./matviews/status.command.ts"),
      },
      {
        name: "record-refreshes",
        summary: "record everybody's refreshes in the history, or no longer",
        load: async () => import("./matviews/record-refreshes.command.ts"),
      },
    ],
  },
  {
    name: "snapshot-schema",
    summary: "write the schema that the project makes into one file",
    load: async () => import("./checks/schema/snapshot-schema.command.ts"),
  },
  {
    name: "drift",
    summary: "find what was changed in a database by hand",
    load: async () => import("./checks/schema/drift.command.ts"),
  },
  {
    name: "record-ddl",
    summary: "record who changes the schema, or no longer",
    load: async () => import("./checks/schema/record-ddl.command.ts"),
  },
  {
    name: "backfill",
    summary: "change the rows of a large table in small batches",
    load: async () => import("./backfill/backfill.command.ts"),
  },
  {
    name: "slow-queries",
    summary: "show what is slow now, and the statements that cost most",
    load: async () => import("./slow-queries/slow-queries.command.ts"),
  },
  {
    name: "schedule",
    summary: "run the jobs that keep a database in order at their times, and show how they went",
    description:
      "Runs the jobs that keep a database in order at their times, any number of processes of which one works; shows how " +
      "they went; and writes the same jobs for cron and others.",
    commands: [
      {
        name: "run",
        summary: "run the jobs at their times until it is told to end",
        load: async () => import("./schedule/run.command.ts"),
      },
      {
        name: "once",
        summary: "run some of the jobs now",
        load: async () => import("./schedule/once.command.ts"),
      },
      {
        name: "status",
        summary: "show when each job last ran, how that ended, and when it runs next",
        load: async () => import("./schedule/status.command.ts"),
      },
      {
        name: "export",
        summary: "write the jobs for cron, systemd, pg_cron or Kubernetes",
        load: async () => import("./schedule/export.command.ts"),
      },
    ],
  },
  {
    name: "snapshot",
    summary: "store the statistics of statements, to look back at them",
    load: async () => import("./slow-queries/snapshot.command.ts"),
  },
  {
    name: "health",
    summary: "find what is wrong, or soon will be, in a live database",
    load: async () => import("./health/health.command.ts"),
  },
  {
    name: "doctor",
    summary: "look whether server, settings and rights are as they should be",
    load: async () => import("./doctor/doctor.command.ts"),
  },
  {
    name: "seed",
    summary: "fill an empty database with generated data",
    load: async () => import("./seed/seed.command.ts"),
  },
  {
    name: "server",
    summary: "start, stop and find the embedded PostgreSQL server",
    load: async () => import("./server/server.command.ts"),
  },
  {
    name: "completion",
    summary: "print a script that completes commands in bash, zsh or fish",
    load: async () => import("./completion/completion.command.ts"),
  },
];
