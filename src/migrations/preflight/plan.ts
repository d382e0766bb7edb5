import { placeInFile } from "../../core/variables.ts";
import { recordedText } from "../run/journal.ts";
import { locationAt } from "../../core/source-text.ts";
import type { Database } from "../../db/database.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import { tableFacts } from "../queries.ts";
import type { ServerFacts, TableFacts } from "../rows.ts";
import { readCatalog, type Relation } from "../../statements/catalog.ts";
import { applyChanges } from "../../statements/changes.ts";
import type { Footprint, Touch } from "../../statements/footprint.ts";
import { conflicts, lockModeOf, strongest } from "../../statements/lock-modes.ts";
import type { Blocker, MigrationPlan, PlannedRelation } from "./results.ts";
import { impactsOf } from "./impacts.ts";
import { withSettings } from "../../statements/settings.ts";
import { footprintOf } from "../../statements/statement-locks.ts";

/**
 * Says what pending migrations will lock, rewrite and wait for in this database. Asks it twice, whatever the number of
 * migrations; changes nothing, and waits for no lock. The SQL parser must be loaded.
 */
export async function planMigrations(
  database: Database,
  migrations: readonly CheckedMigration[],
  { version_number: serverVersion }: Pick<ServerFacts, "version_number">,
): Promise<MigrationPlan> {
  if (migrations.length === 0) return { impacts: [], migrations: [] };
  const settled = migrations.map(({ statements }) => withSettings(statements));
  const catalog = await readCatalog(database, settled.flat(), serverVersion);
  const footprints = settled.map((statements) =>
    statements.map((statement) => {
      const { path, utc } = statement;
      const footprint = footprintOf(statement, {
        catalog,
        utc,
        find: (name) => catalog.find(name, path),
      });
      applyChanges(catalog, statement);
      return footprint;
    }),
  );
  const facts = await readFacts(database, footprints.flat());
  const planned = migrations.map((migration, place) =>
    plannedMigration(migration, footprints[place] ?? [], facts),
  );
  return { impacts: impactsOf(planned), migrations: planned };
}

type Facts = ReadonlyMap<number, TableFacts>;

async function readFacts(database: Database, footprints: readonly Footprint[]): Promise<Facts> {
  const present = footprints
    .flatMap(({ touches }) => touches)
    .filter(({ relation }) => relation.state === "present")
    .map(({ relation }) => relation.oid);
  if (present.length === 0) return new Map();
  const rows = await tableFacts(database, [...new Set(present)]);
  return new Map(rows.map((row) => [row.oid, row]));
}

function plannedMigration(
  { version, source, up, statements }: CheckedMigration,
  footprints: readonly Footprint[],
  facts: Facts,
): MigrationPlan["migrations"][number] {
  return {
    version: version.name,
    transaction: up.transaction,
    statements: statements.map(({ statement, index }, place) => ({
      line: locationAt(source, placeInFile(up, index)).line,
      text: recordedText(up, index, statement),
      relations: (footprints[place]?.touches ?? []).map((touch) => plannedRelation(touch, facts)),
      unknown: footprints[place]?.unknown ?? null,
    })),
  };
}

function plannedRelation(touch: Touch, facts: Facts): PlannedRelation {
  const { relation, lock, work } = touch;
  const found = relation.state === "present" ? facts.get(relation.oid) : undefined;
  return {
    name: relation.text,
    state: relation.state,
    kind: kindOf(relation),
    lock,
    size: found?.size ?? null,
    rows: found?.rows ?? null,
    work: [...work],
    blockers: found === undefined ? [] : blockersOf(touch, found),
  };
}

function kindOf({ kind }: Relation): PlannedRelation["kind"] {
  switch (kind) {
    case "r":
      return "table";
    case "p":
      return "partitioned table";
    case "v":
      return "view";
    case "m":
      return "materialized view";
    default:
      return "other";
  }
}

/** Sessions whose locks conflict, each once; a transaction may hold several locks on one table. */
function blockersOf({ lock, awaits }: Touch, { sessions }: TableFacts): Blocker[] {
  const blockers = new Map<unknown, Blocker>();
  for (const { mode, age, ...session } of sessions) {
    const held = lockModeOf(mode);
    const isInTheWay = conflicts(lock, held) || (awaits !== undefined && conflicts(awaits, held));
    if (!isInTheWay) continue;
    const key = session.pid ?? session.prepared;
    const before = blockers.get(key);
    blockers.set(key, {
      ...session,
      lock: before === undefined ? held : strongest(before.lock, held),
      transactionAge: age,
    });
  }
  return [...blockers.values()];
}
