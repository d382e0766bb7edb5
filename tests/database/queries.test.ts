import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { packageRoot } from "../../src/core/package-root.ts";
import * as backfillRows from "../../src/backfill/rows.ts";
import * as checkRows from "../../src/checks/rows.ts";
import * as rows from "../../src/migrations/rows.ts";
import * as trialRows from "../../src/migrations/trial/rows.ts";
import * as partitionRows from "../../src/partitions/rows.ts";
import * as retireRows from "../../src/partitions/retire/rows.ts";
import * as conversionRows from "../../src/partitions/convert/rows.ts";
import * as doctorRows from "../../src/partitions/doctor/rows.ts";
import * as serverDoctorRows from "../../src/doctor/rows.ts";
import { HeldRelation } from "../../src/output/results.ts";
import * as matviewRows from "../../src/matviews/rows.ts";
import * as healthRows from "../../src/health/rows.ts";
import * as schemaRows from "../../src/checks/schema/rows.ts";
import { checks } from "../../src/health/checks.ts";
import * as slowQueriesRows from "../../src/slow-queries/rows.ts";
import * as explainRows from "../../src/slow-queries/explain/rows.ts";
import * as scheduleRows from "../../src/schedule/rows.ts";
import * as seedRows from "../../src/seed/rows.ts";
import * as statementRows from "../../src/statements/rows.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../support/database.ts";

/** The schema that the rows of each query promise. */
const schemas: Readonly<Record<string, z.ZodObject>> = {
  "backfill/bounds.sql": backfillRows.Bounds,
  "backfill/list.sql": backfillRows.ListRow,
  "backfill/lock.sql": backfillRows.Lock,
  "backfill/pressure.sql": backfillRows.Pressure,
  "backfill/state.sql": backfillRows.State,
  "backfill/target.sql": backfillRows.Target,
  "checks/applied-versions.sql": schemaRows.AppliedVersion,
  "checks/ddl-events.sql": schemaRows.DdlEventRow,
  "checks/plpgsql-check.sql": schemaRows.PlpgsqlCheck,
  "checks/roles.sql": schemaRows.RoleName,
  "checks/schema-attachments.sql": schemaRows.ObjectRow,
  "checks/schema-constraints.sql": schemaRows.ObjectRow,
  "checks/schema-indexes.sql": schemaRows.ObjectRow,
  "checks/schema-others.sql": schemaRows.ObjectRow,
  "checks/schema-routines.sql": schemaRows.ObjectRow,
  "checks/schema-sequences.sql": schemaRows.ObjectRow,
  "checks/schema-settings.sql": schemaRows.ObjectRow,
  "checks/schema-tables.sql": schemaRows.ObjectRow,
  "checks/schema-types.sql": schemaRows.ObjectRow,
  "checks/schema-views.sql": schemaRows.ObjectRow,
  "checks/schema-dependencies.sql": schemaRows.DependencyRow,
  "checks/schema-engine.sql": schemaRows.OwnObject,
  "checks/schema-facts.sql": schemaRows.SchemaFacts,
  "checks/schema-privileges.sql": schemaRows.PrivilegeRow,
  "checks/schema-properties.sql": schemaRows.PropertyRow,
  "checks/fingerprint.sql": checkRows.FingerprintLine,
  "checks/function-conventions.sql": checkRows.ConventionRow,
  "checks/name-conventions.sql": checkRows.ConventionRow,
  "checks/row-security-conventions.sql": checkRows.ConventionRow,
  "checks/table-data.sql": checkRows.TableData,
  "checks/view-conventions.sql": checkRows.ConventionRow,
  "doctor/engine.sql": serverDoctorRows.Engine,
  "doctor/server.sql": serverDoctorRows.Server,
  "doctor/settings.sql": serverDoctorRows.Setting,
  "migrations/blockers.sql": rows.Blocker,
  "migrations/databases.sql": rows.DatabaseName,
  "migrations/definitions.sql": rows.DefinitionRow,
  "migrations/engine.sql": rows.InstalledEngine,
  "migrations/environment.sql": rows.EnvironmentRow,
  "migrations/index-progress.sql": rows.IndexProgress,
  "migrations/journal.sql": rows.JournalRow,
  "migrations/history-tables.sql": rows.HistoryTable,
  "migrations/ledger.sql": rows.LedgerRow,
  "migrations/lock-holder.sql": rows.LockHolder,
  "migrations/older-ledger.sql": rows.LedgerRow,
  "migrations/recorded-statements.sql": rows.RecordedStatements,
  "migrations/server-facts.sql": rows.ServerFacts,
  "migrations/table-facts.sql": rows.TableFacts,
  "migrations/own-locks.sql": trialRows.OwnLock,
  "migrations/trial-relations.sql": trialRows.TrialRelation,
  "migrations/try-lock.sql": rows.Lock,
  "partitions/locks.sql": partitionRows.LockRow,
  "partitions/periods.sql": partitionRows.Period,
  "partitions/plan.sql": partitionRows.PlanRow,
  "partitions/policies.sql": partitionRows.Policy,
  "partitions/server-state.sql": partitionRows.ServerState,
  "partitions/sizes.sql": partitionRows.SizeRow,
  "partitions/statements.sql": partitionRows.StatementRow,
  "partitions/strays.sql": partitionRows.StrayRow,
  "partitions/without-policy.sql": partitionRows.TableWithoutPolicy,
  "partitions/old-transactions.sql": retireRows.OldTransaction,
  "partitions/retire-facts.sql": retireRows.RetireFacts,
  "partitions/retire-lock.sql": retireRows.RetireLock,
  "partitions/retire-parents.sql": retireRows.RetireParent,
  "partitions/retired-drops.sql": retireRows.RetiredDrop,
  "partitions/retirements.sql": retireRows.Retirement,
  "partitions/conversion.sql": conversionRows.Conversion,
  "partitions/conversion-ahead.sql": conversionRows.AheadStatement,
  "partitions/conversion-cut.sql": conversionRows.Cut,
  "partitions/conversion-cut-over.sql": conversionRows.ConversionStatement,
  "partitions/conversion-lock.sql": conversionRows.ConversionLock,
  "partitions/conversion-newer-rows.sql": conversionRows.NewerRows,
  "partitions/conversion-preparation.sql": conversionRows.ConversionStatement,
  "partitions/conversion-undo.sql": conversionRows.UndoStatement,
  "partitions/doctor-catch-all.sql": doctorRows.FindingRow,
  "partitions/doctor-coverage.sql": doctorRows.FindingRow,
  "partitions/doctor-detached.sql": doctorRows.FindingRow,
  "partitions/doctor-policies.sql": doctorRows.FindingRow,
  "partitions/doctor-properties.sql": doctorRows.FindingRow,
  "partitions/doctor-structure.sql": doctorRows.FindingRow,
  "matviews/candidate-keys.sql": matviewRows.CandidateKey,
  "matviews/decision.sql": matviewRows.Decision,
  "matviews/lock-holders.sql": HeldRelation,
  "matviews/policies-without-view.sql": matviewRows.PolicyWithoutView,
  "matviews/server-state.sql": matviewRows.ServerState,
  "matviews/status.sql": matviewRows.StatusRow,
  "matviews/unique-indexes.sql": matviewRows.UniqueIndex,
  "matviews/views.sql": matviewRows.ViewRow,
  "matviews/ways.sql": matviewRows.Ways,
  "health/facts.sql": healthRows.Facts,
  "health/sizes.sql": healthRows.Size,
  ...Object.fromEntries(checks.map(({ name }) => [`health/${name}.sql`, healthRows.FindingRow])),
  "schedule/analyze-table.sql": scheduleRows.AnalyzedTable,
  "schedule/begin-run.sql": scheduleRows.BegunRun,
  "schedule/end-run.sql": scheduleRows.EndedRun,
  "schedule/figures.sql": scheduleRows.Figures,
  "schedule/jobs.sql": scheduleRows.JobRow,
  "schedule/leader.sql": scheduleRows.Leader,
  "schedule/record-notification.sql": scheduleRows.RecordedNotification,
  "schedule/register-jobs.sql": scheduleRows.RegisteredJob,
  "schedule/runs.sql": scheduleRows.RunRow,
  "schedule/tables-to-analyze.sql": scheduleRows.TableToAnalyze,
  "schedule/take-notification.sql": scheduleRows.TakenNotification,
  "schedule/try-lead.sql": scheduleRows.Lead,
  "seed/begin.sql": seedRows.Begun,
  "seed/inserted.sql": seedRows.Inserted,
  "seed/tables-with-rows.sql": seedRows.TableWithRows,
  "slow-queries/intervals.sql": slowQueriesRows.IntervalRow,
  "slow-queries/explain-caller.sql": explainRows.Caller,
  "slow-queries/explain-hypopg.sql": explainRows.HypoPg,
  "slow-queries/explain-relations.sql": explainRows.PlannedRelation,
  "slow-queries/running.sql": slowQueriesRows.Session,
  "slow-queries/server.sql": slowQueriesRows.Server,
  "slow-queries/stored-snapshots.sql": slowQueriesRows.StoredSnapshots,
  "slow-queries/take-snapshot.sql": slowQueriesRows.TakenSnapshot,
  "statements/catalog.sql": statementRows.CatalogRow,
};

/** Stands for the object identifier of a partitioned table. */
const parent = "the partitioned table";
/** A table that the engine has, as if it were to be converted. */
const converted = {
  relation: "public.retired_partitions",
  column: "started_at",
  granularity: "monthly",
  encoding: "timestamptz",
  cut: "2099-01-01T00:00:00Z",
  ahead: 1000,
};

/** What those queries are given that take something. */
const inputs: Readonly<Record<string, object>> = {
  "backfill/bounds.sql": {
    relation: "public.backfills",
    key: "name",
    after: null,
    until: "z",
    size: 9,
  },
  "backfill/lock.sql": { name: "b" },
  "backfill/pressure.sql": { relation: "public.backfills" },
  "backfill/state.sql": { name: "b" },
  "backfill/target.sql": { relation: "public.backfills", key: null, after: null, until: null },
  "statements/catalog.sql": {
    relations: ["a", "v", "a_id", "missing"].map((name) => ({
      key: name,
      name,
      path: null,
      cascade: true,
    })),
    types: [{ key: "text", name: "text" }],
    functions: [{ schema: null, name: "now" }],
    extensions: [{ name: "pg_trgm" }],
  },
  "checks/ddl-events.sql": { names: ["public.a"] },
  "migrations/table-facts.sql": [1259],
  "matviews/candidate-keys.sql": ["m"],
  "matviews/decision.sql": { view: "m", mode: "auto" },
  "matviews/lock-holders.sql": { view: "m", mode: "swap" },
  "matviews/unique-indexes.sql": ["m"],
  "matviews/ways.sql": ["m"],
  "partitions/locks.sql": [parent],
  "partitions/periods.sql": { parent, from: "2025-01-01", to: "2025-03-01" },
  "partitions/plan.sql": { parent, ahead: null },
  "partitions/sizes.sql": [parent],
  "partitions/statements.sql": { parent, days: ["2031-01-01"], until: null },
  "partitions/strays.sql": [parent],
  "partitions/old-transactions.sql": [1259],
  "partitions/retirements.sql": [],
  "slow-queries/explain-caller.sql": ["postgres"],
  "slow-queries/explain-relations.sql": [{ schema: "public", name: "schema_migrations" }],
  "schedule/analyze-table.sql": { parent: "public.p" },
  "schedule/begin-run.sql": { job: "health", due_at: null, missed: null, leader: null },
  "schedule/end-run.sql": { run_id: 1, result: "done", summary: null, error: null },
  "schedule/record-notification.sql": { run_id: 1 },
  "schedule/take-notification.sql": { kinds: ["failed"], repeat: 3600 },
  "schedule/register-jobs.sql": [{ job: "health", schedule: "0 * * * *", time_zone: "UTC" }],
  "schedule/runs.sql": { limit: 10, job: null },
  "partitions/conversion.sql": { ...converted, encoding: null },
  "partitions/conversion-ahead.sql": converted,
  "slow-queries/intervals.sql": { queryId: null, since: null },
  "slow-queries/stored-snapshots.sql": { at: "2031-01-01T00:00:00Z" },
  "slow-queries/take-snapshot.sql": { keep: 86_400_000 },
  "partitions/conversion-cut.sql": { ...converted, day: null, check: true },
  "partitions/conversion-cut-over.sql": converted,
  "partitions/conversion-lock.sql": { table: converted.relation },
  "partitions/conversion-newer-rows.sql": converted,
  "partitions/conversion-preparation.sql": converted,
  "partitions/conversion-undo.sql": converted,
  ...Object.fromEntries(
    ["catch-all", "coverage", "detached", "properties", "structure"].map((name) => [
      `partitions/doctor-${name}.sql`,
      { parent: "0" },
    ]),
  ),
};

/** What the driver makes of each type of the server, by object identifier. */
const javascriptTypes: Readonly<Record<number, string>> = {
  16: "boolean", // boolean
  19: "string", // name
  23: "number", // integer
  25: "string", // text
  701: "number", // double precision
  1043: "string", // character varying
  1184: "date", // timestamp with time zone
  3802: "json", // jsonb
};

const folder = join(packageRoot, "sql", "queries");
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

test("each query has a schema for its rows", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".sql"),
  );
  expect(files.toSorted()).toEqual(Object.keys(schemas).toSorted());
});

test.each(Object.entries(schemas))(
  "%s returns the columns and types of its schema",
  async (path, schema) => {
    const { columns } = await database.sql
      .unsafe(readFileSync(join(folder, path), "utf8"))
      .describe();
    const described = columns.map(({ name, type }) => [name, javascriptTypes[type]]);
    const promised = Object.entries(schema.shape).map(([name, field]) => [
      name,
      typeOf(field as z.ZodType),
    ]);
    expect(Object.fromEntries(described)).toEqual(Object.fromEntries(promised));
  },
);

function typeOf(field: z.ZodType): string {
  const { type } = field.def;
  if (type === "array" || type === "record") return "json";
  return type === "nullable" ? typeOf((field as z.ZodNullable<z.ZodType>).def.innerType) : type;
}

test("the rows of a database with migrations fit the schemas", async () => {
  await database.sql.unsafe(
    "select apply_migration('001_a', 'A', 'drop table a', 'create table a (id int check (id > 0)); create index a_id on a (id)', 'sha256:a')",
  );
  await database.sql
    .unsafe(`select apply_definitions('[{"path": "views/v.sql", "kind": "view", "name": "v",
    "refers_to": [], "checksum": "sha256:v", "definition": "create view v as select * from a"}]')`);
  await database.sql`select record_environment('production')`;
  await database.sql`create materialized view m as select id from a`;
  await database.sql`insert into matview_policies (view_name, every) values ('m', '1 day'), ('gone', '1 day')`;
  await database.sql`select refresh_materialized_view('m')`;
  await database.sql`create table p (at timestamptz not null) partition by range (at)`;
  await database.sql`insert into partition_policies (parent, granularity, catch_all) values ('p', 'monthly', 'tail')`;
  await database.sql`select create_monthly_partition('p', '2025-01-01'), create_catch_all('p')`;
  await database.sql`insert into p values ('2025-03-03'), ('infinity')`;
  await database.sql`select begin_backfill('b', 'sha256:b', 'backfills', 'name')`;
  const [table] = await database.sql<{ oid: number }[]>`select 'p'::regclass::oid::int as oid`;
  await database.sql`create extension pg_stat_statements`;
  await database.sql`select take_statement_snapshot(), take_statement_snapshot()`;
  for (const [path, schema] of Object.entries(schemas)) {
    const input = inputs[path];
    const text = readFileSync(join(folder, path), "utf8");
    const found = await database.sql.unsafe(
      input === undefined
        ? text
        : text.replaceAll(
            "$1",
            `'${JSON.stringify(input).replaceAll(`"${parent}"`, String(table?.oid))}'`,
          ),
    );
    expect(schema.array().safeParse([...found]), path).toMatchObject({ success: true });
  }
});
