import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { poolingOf } from "../db/pooler.ts";
import { memoryChecks } from "./checks/memory.ts";
import { rightsChecks } from "./checks/rights.ts";
import { serverChecks } from "./checks/server.ts";
import { pendingRestarts, settingChecks } from "./checks/settings.ts";
import type { Facts } from "./facts.ts";
import { describeMachine, type GivenMachine } from "./machine.ts";
import { engine, server, settings } from "./queries.ts";
import { levels } from "./levels.ts";
import type { DoctorResult } from "./results.ts";

/** The order in which they are shown. */
const examinations = [
  ...serverChecks,
  ...rightsChecks,
  ...memoryChecks,
  ...settingChecks,
  pendingRestarts,
];

/** Looks at the connection, the server, its settings and the role's rights; changes nothing and takes no lock. */
export async function doctor(context: Context, given: GivenMachine): Promise<DoctorResult> {
  const facts = await context.withDatabase(async (database) => ({
    ...(await readFacts(database, given)),
    engineHash: await context.engineHash(),
  }));
  return {
    database: facts.server.database,
    user: facts.server.user,
    serverVersion: facts.server.version,
    machine: {
      memoryBytes: facts.machine.memoryBytes ?? null,
      processors: facts.machine.processors ?? null,
      isLocal: facts.machine.isLocal,
    },
    checks: examinations
      .map((examine) => examine(facts))
      .filter((check) => check !== undefined)
      .toSorted((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level)),
  };
}

async function readFacts(
  database: Database,
  given: GivenMachine,
): Promise<Omit<Facts, "engineHash">> {
  // Once before, so that neither the connection nor the reading of the file counts.
  await server(database);
  const asked = Date.now();
  const [row] = await server(database);
  const answered = Date.now();
  if (row === undefined) throw new Error("The query for the server returned no row.");
  const rows = await settings(database);
  const [installed] = row.reads_engine ? await engine(database) : [];
  return {
    server: row,
    settings: new Map(rows.map((each) => [each.name, each])),
    engine: installed,
    machine: describeMachine(row, given),
    clock: {
      ahead: row.clock.getTime() - (asked + answered) / 2,
      accuracy: (answered - asked) / 2,
    },
    pooling: await poolingOf(database, row.process_id),
  };
}
