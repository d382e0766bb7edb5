import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { CheckResult } from "../../src/checks/results.ts";
import {
  BaselineResult,
  ImportResult,
  MigrateResult,
  NewResult,
  RepairResult,
  RollbackResult,
  StatusResult,
} from "../../src/migrations/results.ts";
import { MigrateTargetsResult, StatusTargetsResult } from "../../src/migrations/targets/results.ts";
import { ErrorDocument } from "../../src/output/results.ts";
import {
  CreateResult,
  PlanResult,
  StatusResult as PartitionStatus,
} from "../../src/partitions/results.ts";
import { RetireResult } from "../../src/partitions/retire/results.ts";
import { ConvertResult } from "../../src/partitions/convert/results.ts";
import { CompletionResult } from "../../src/completion/results.ts";
import { DoctorResult as PartitionsDoctorResult } from "../../src/partitions/doctor/results.ts";
import { DoctorResult } from "../../src/doctor/results.ts";
import {
  RecordingResult,
  RefreshResult,
  StatusResult as ViewsStatus,
} from "../../src/matviews/results.ts";
import { BackfillList, BackfillResult } from "../../src/backfill/results.ts";
import { CheckList, HealthResult } from "../../src/health/results.ts";
import {
  DdlRecordingResult,
  DriftResult,
  SnapshotResult as SchemaSnapshotResult,
} from "../../src/checks/schema/results.ts";
import {
  SlowQueriesResult,
  SlowQueryResult,
  SnapshotResult,
} from "../../src/slow-queries/results.ts";
import { ExportResult, LogEvent, OnceResult, ScheduleStatus } from "../../src/schedule/results.ts";
import { SeedResult } from "../../src/seed/results.ts";
import { ServerStarted, ServerStatus, ServerStopped, ServerUrl } from "../../src/server/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { commandsOfProgram } from "../support/json-commands.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

/** What a command promises for --json, and command lines that show it in its different states, one after the other. */
interface Contract {
  readonly schema: z.ZodType;
  readonly runs: readonly string[];
  /** 0 where nothing else is said. */
  readonly exitCode?: number;
}

/** A list of databases that needs no file. */
const targets = "--targets values(current_database())";

/** In the order in which they run, all in one project. */
const contracts: Readonly<Record<string, Contract>> = {
  new: { schema: NewResult, runs: ["new first"] },
  migrate: {
    schema: z.union([MigrateResult, MigrateTargetsResult]),
    runs: [
      "migrate --dry-run",
      "migrate --dry-run --execute",
      `migrate --dry-run ${targets}`,
      "migrate --to 001_a",
      `migrate ${targets}`,
      "migrate",
      `migrate ${targets}`,
    ],
  },
  status: {
    schema: z.union([StatusResult, StatusTargetsResult]),
    runs: ["status", "status --exit-code", `status ${targets}`],
  },
  check: {
    schema: CheckResult,
    runs: [
      "check --only files",
      "check --fail-on error",
      "check --only drift functions --ignore *",
    ],
  },
  "partitions plan": {
    schema: PlanResult,
    runs: ["partitions plan --ahead 9 --fill-holes", "partitions plan --exit-code"],
  },
  "partitions create": {
    schema: CreateResult,
    runs: ["partitions create --ahead 5", "partitions create --fill-holes"],
  },
  "partitions status": { schema: PartitionStatus, runs: ["partitions status"] },
  "partitions retire": {
    schema: RetireResult,
    runs: [
      "partitions retire --dry-run",
      "partitions retire",
      "partitions retire --drop --yes --export .",
    ],
  },
  "partitions doctor": {
    schema: PartitionsDoctorResult,
    runs: [
      "partitions doctor",
      "partitions doctor --fix --yes --duplicates",
      "partitions doctor --parent c",
    ],
  },
  health: {
    schema: z.union([HealthResult, CheckList]),
    runs: ["health", "health --list", "health --only invalid_indexes --fail-on note"],
  },
  // Goes on until it is told to end: schedule.test.ts reads its lines.
  "schedule run": { schema: LogEvent, runs: [] },
  "schedule once": { schema: OnceResult, runs: ["schedule once partitions analyze views"] },
  "schedule status": {
    schema: ScheduleStatus,
    runs: ["schedule status --runs 2", "schedule status views --exit-code"],
  },
  "schedule export": {
    schema: ExportResult,
    runs: ["schedule export crontab", "schedule export kubernetes"],
  },
  completion: { schema: CompletionResult, runs: ["completion bash", "completion fish"] },
  doctor: { schema: DoctorResult, runs: ["doctor", "doctor --memory 1TB"] },
  "views refresh": {
    schema: RefreshResult,
    runs: [
      "views refresh --dry-run",
      "views refresh --jobs 2",
      "views refresh viewed --plain",
      "views refresh",
      "views refresh --stale",
    ],
  },
  "views record-refreshes": {
    schema: RecordingResult,
    runs: ["views record-refreshes", "views record-refreshes", "views record-refreshes --off"],
  },
  "views status": {
    schema: ViewsStatus,
    runs: ["views status --check-keys", "views status viewed --exit-code"],
  },
  snapshot: { schema: SnapshotResult, runs: ["snapshot", "snapshot --keep 90d", "snapshot"] },
  "slow-queries": {
    schema: z.union([SlowQueriesResult, SlowQueryResult]),
    runs: [
      "slow-queries",
      "slow-queries --sort wal --min-mean 1ms --limit 2",
      "slow-queries --sample 1ms",
      "slow-queries --format json",
      "slow-queries --query known",
      "slow-queries --since 1 --sort mean",
      "slow-queries --since 3 --compare 2",
      "slow-queries --since 1 --query known",
      "slow-queries --explain --limit 3",
      "slow-queries --explain --query known",
    ],
  },
  "snapshot-schema": {
    schema: SchemaSnapshotResult,
    runs: [
      "snapshot-schema",
      "snapshot-schema --check",
      "snapshot-schema --from-database --output live.sql",
    ],
  },
  "record-ddl": {
    schema: DdlRecordingResult,
    runs: ["record-ddl", "record-ddl", "record-ddl --off"],
  },
  // The tables above are no migration's.
  drift: { schema: DriftResult, runs: ["drift", "drift --ignore gone"], exitCode: 1 },
  backfill: {
    schema: z.union([BackfillResult, BackfillList]),
    runs: [
      "backfill --status",
      "backfill backfills/visit.sql --dry-run",
      "backfill backfills/visit.sql --yes",
      "backfill backfills/visit.sql --restart --batch 1 --yes",
      "backfill backfills/visit.sql --yes",
      "backfill --status",
    ],
  },
  seed: { schema: SeedResult, runs: ["seed --users 2", "seed"] },
  rollback: {
    schema: RollbackResult,
    runs: ["rollback --dry-run", "rollback", "rollback --steps 9", "rollback"],
  },
  import: {
    schema: ImportResult,
    runs: ["import goose --from goose --dry-run", "import goose --from goose"],
  },
  baseline: {
    schema: BaselineResult,
    runs: ["baseline 001_a --dry-run", "baseline 001_a --yes", "baseline 001_a"],
  },
  repair: { schema: RepairResult, runs: ["repair --dry-run", "repair"] },
  "partitions convert": {
    schema: ConvertResult,
    runs: [
      ...["", " --prepare", "", " --undo", " --prepare", " --cut-over", " --cut-over", ""].map(
        (step) => `partitions convert visit --by at --granularity daily${step}`,
      ),
      "partitions convert visit --undo --yes",
      "partitions convert visit --by none --granularity daily",
    ],
  },
  "server status": { schema: ServerStatus, runs: ["server status"] },
  "server start": { schema: ServerStarted, runs: ["server start", "server start"] },
  "server url": { schema: ServerUrl, runs: ["server url"] },
  "server stop": { schema: ServerStopped, runs: ["server stop", "server stop"] },
};

const project = await createProject({
  "migrations/001_a.sql": migration("create table a (id int)", "drop table a"),
  "migrations/002_b.sql": migration(
    "create table b (at date not null) partition by range (at);\n" +
      "create table c (id int, at date, unique (id, at)) partition by range (at);\n" +
      "insert into partition_policies (parent, granularity, catch_all) values ('b', 'monthly', 'tail'), ('c', 'monthly', 'default');\n" +
      "create table c_default partition of c default;\ninsert into c values (1, '2001-01-01')",
    "delete from partition_policies;\ndrop table b, c",
  ),
  "functions/one.sql":
    "create or replace function one() returns int language sql as $$ select 1 $$;\n",
  "seeds/1_a.sql": "insert into a select generate_series(1, current_setting('seed.users')::int);\n",
  "backfills/visit.sql": "delete from view where id between :'batch_from' and :'batch_to';\n",
  "goose/004_c.sql": "-- +goose Up\nselect 1;\n",
  "views/all_a.sql": "create or replace view all_a as select id from a;\n",
});
let url: string;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  ({ url } = database);
  await database.sql`create table visit (at timestamptz)`;
  await database.sql`create table view (id int primary key)`;
  await database.sql`create materialized view viewed as select id from view`;
  await database.sql`create materialized view seen as select id from viewed with no data`;
  await database.sql`create extension pg_stat_statements`;
});

afterAll(async () => {
  const { stdout } = await cli("server stop");
  // That of root does not lie in the project.
  const { dataDirectory } = ServerStopped.parse(JSON.parse(stdout));
  await rm(dirname(dataDirectory), { recursive: true, force: true });
});

async function cli(line: string, ...more: string[]): Promise<CliResult> {
  const words = line.split(" ");
  if (words.at(-1) === "known") words.splice(-1, 1, await knownStatement());
  return runCli([...words, ...more, "--json"], { cwd: project, env: { DATABASE_URL: url } });
}

/** The number of a statement that has run just now: of those before, the server forgets the least used. */
async function knownStatement(): Promise<string> {
  await database.sql`select count(*) as known_statement from visit`;
  const [known] = await database.sql<{ id: string }[]>`
    select queryid::text as id from pg_stat_statements where query like '%as known_statement%' and calls > 0 limit 1`;
  if (known === undefined)
    throw new Error("pg_stat_statements does not have a statement that has just run.");
  return known.id;
}

test("every command of the program has a contract", async () => {
  expect((await commandsOfProgram()).toSorted()).toEqual(Object.keys(contracts).toSorted());
});

describe.each(Object.entries(contracts))("%s --json", (command, contract) => {
  const { schema, runs, exitCode: expected = 0 } = contract;

  test.skipIf(runs.length === 0)(
    "prints one document, with what its schema names and nothing else",
    async () => {
      for (const line of runs) {
        expect(line.startsWith(command)).toBe(true);
        const { exitCode, stdout, stderr } = await cli(line);
        expect({ line, exitCode, stderr }).toMatchObject({ exitCode: expected });
        // Parsing leaves out what the schema does not name, at any depth.
        const document = JSON.parse(stdout) as unknown;
        expect(schema.parse(document)).toEqual(document);
        await writeFiles(project, filled);
      }
    },
  );

  test("prints one document for an error of usage and for one of configuration", async () => {
    const usage = await cli(command, "--no-such-option");
    expect(errorOf(usage)).toMatchObject({ code: "USAGE" });
    const configuration = await cli(
      command,
      ...(operands[command] ?? []),
      "--url",
      "mysql://host/database",
    );
    expect(errorOf(configuration)).toMatchObject({ code: "CONFIG_INVALID" });
  });
});

/** What a command cannot do without. */
const operands: Readonly<Record<string, readonly string[]>> = {
  new: ["name"],
  baseline: ["name"],
  import: ["goose", "--from", "goose"],
  "partitions convert": ["visit"],
  "schedule once": ["health"],
  "schedule export": ["crontab"],
  completion: ["zsh"],
  backfill: ["backfills/visit.sql"],
};

/** The migration that "new" leaves to be written. */
const filled = { "migrations/003_first.sql": migration("select 3") };

function errorOf({ exitCode, stdout, stderr }: CliResult): z.infer<typeof ErrorDocument>["error"] {
  const document = JSON.parse(stdout) as unknown;
  const parsed = ErrorDocument.parse(document);
  expect(parsed).toEqual(document);
  expect(parsed.error.exitCode).toBe(exitCode);
  // A person who reads the log finds the same there.
  expect(stderr).toContain(parsed.error.message);
  return parsed.error;
}

test("the document of an error that a statement raised has its place and its SQLSTATE", async () => {
  const { url: address } = await createDatabase();
  const folder = await createProject({
    "migrations/001_a.sql": migration("create table a (id int);\ninsert into a values ('x')"),
  });
  const failed = await runCli(["migrate", "--json", "--url", address], { cwd: folder });
  expect(errorOf(failed)).toEqual({
    code: "MIGRATION_FAILED",
    message: 'Migration "001_a" failed.',
    detail: 'invalid input syntax for type integer: "x"',
    hint: expect.stringMatching(/\w{3}/) as string,
    sqlState: "22P02",
    location: {
      file: "migrations/001_a.sql",
      line: 3,
      column: 23,
      text: "insert into a values ('x');",
    },
    exitCode: 4,
  });
});
