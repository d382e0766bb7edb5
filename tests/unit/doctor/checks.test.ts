import { expect, test } from "vitest";
import { serverChecks } from "../../../src/doctor/checks/server.ts";
import { memoryChecks } from "../../../src/doctor/checks/memory.ts";
import { rightsChecks } from "../../../src/doctor/checks/rights.ts";
import { settingChecks } from "../../../src/doctor/checks/settings.ts";
import type { Facts } from "../../../src/doctor/facts.ts";
import { isReached } from "../../../src/doctor/levels.ts";
import type { Check } from "../../../src/doctor/results.ts";
import type { Setting } from "../../../src/doctor/rows.ts";

/** A server with which all is well. */
const well: Facts = {
  server: {
    version: "18.4",
    version_number: 180_004,
    is_standby: false,
    database: "app",
    user: "app",
    process_id: 7,
    address: "10.0.0.7",
    clock: new Date(0),
    encoding: "UTF8",
    locale: "C",
    collation_version: "153.80",
    actual_collation_version: "153.80",
    reads_all_statistics: true,
    can_create: true,
    is_encrypted: true,
    connections: 10,
    statements_version: "1.12",
    statements_default_version: "1.12",
    has_engine: true,
    reads_engine: true,
  },
  settings: new Map(),
  engine: undefined,
  engineHash: "current",
  machine: { isLocal: false, memoryBytes: 2 ** 36, processors: 8 },
  clock: { ahead: 0, accuracy: 5 },
  pooling: undefined,
};

function setting(name: string, number: number): [string, Setting] {
  const value = String(number);
  return [
    name,
    { name, value, number, source: "default", context: "sighup", pending_restart: false },
  ];
}

function findings(facts: Facts): Check[] {
  return [...serverChecks, ...memoryChecks, ...settingChecks]
    .map((examine) => examine(facts))
    .filter((check) => check !== undefined && check.level !== "ok") as Check[];
}

test("nothing is found where all is well", () => {
  expect(findings(well)).toEqual([]);
});

test.each<[string, Check["level"], Partial<Facts>]>([
  ["server_version", "warning", { server: { ...well.server, version_number: 170_002 } }],
  ["server_version", "warning", { server: { ...well.server, version_number: 140_020 } }],
  ["standby", "note", { server: { ...well.server, is_standby: true } }],
  ["encryption", "note", { server: { ...well.server, is_encrypted: false } }],
  ["clock", "warning", { clock: { ahead: 2100, accuracy: 5 } }],
  ["clock", "warning", { clock: { ahead: -60_000, accuracy: 900 } }],
  ["pooler", "note", { pooling: "transaction" }],
  ["pooler", "note", { pooling: "statement" }],
  ["pooler", "note", { pooling: "unknown" }],
  [
    "connections",
    "warning",
    {
      server: { ...well.server, connections: 80 },
      settings: new Map([setting("max_connections", 100)]),
    },
  ],
  [
    "machine",
    "note",
    { machine: { isLocal: false, memoryBytes: undefined, processors: undefined } },
  ],
  ["shared_buffers", "note", { settings: new Map([setting("shared_buffers", 2 ** 35)]) }],
])("%s is a %s", (name, level, facts) => {
  expect(findings({ ...well, ...facts })).toMatchObject([{ name, level }]);
});

test.each<[string, Partial<Facts>]>([
  ["a clock within the accuracy of its reading", { clock: { ahead: 2100, accuracy: 200 } }],
  [
    "an open connection within one machine",
    {
      server: { ...well.server, is_encrypted: false },
      machine: { ...well.machine, isLocal: true },
    },
  ],
])("%s is well", (_what, facts) => {
  expect(findings({ ...well, ...facts })).toEqual([]);
});

test.each([
  ["", '"pg_stat_statements"'],
  ["auto_explain,pg_cron", '"auto_explain", "pg_cron", "pg_stat_statements"'],
  ['"auto_explain", "pg_cron"', '"auto_explain", "pg_cron", "pg_stat_statements"'],
  [undefined, '"…what it has now…", "pg_stat_statements"'],
])("what is preloaded now, %j, stays so", (value, wanted) => {
  const name = "shared_preload_libraries";
  const settings = new Map(
    value === undefined ? [] : [[name, { ...setting(name, 0)[1], value }] as const],
  );
  const checks = rightsChecks.map((examine) => examine({ ...well, settings }));
  expect(checks.find((check) => check?.name === "pg_stat_statements")?.cure).toBe(
    `ALTER SYSTEM SET shared_preload_libraries = ${wanted}; -- and restart the server`,
  );
});

test("a level is reached by itself and by what is worse", () => {
  const [note, warning] = (["note", "warning"] as const).map((level) => ({ level }) as Check);
  const checks = [note, warning] as Check[];
  expect((["note", "warning", "error"] as const).map((level) => isReached(checks, level))).toEqual([
    true,
    true,
    false,
  ]);
});
