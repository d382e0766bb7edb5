import type postgres from "postgres";
import { expect } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";

/** What a run is to leave behind. */
export interface Outcome {
  readonly catalog: readonly string[];
  /** The ledger, the history, the journal and the data, row by row. */
  readonly rows: readonly unknown[];
}

/** Reads what a run has left behind; fails when it is something that somebody would have to repair. */
export async function outcomeOf(sql: postgres.Sql): Promise<Outcome> {
  expect(await sql.unsafe(remains)).toEqual([]);
  const rows = await sql.unsafe(`
    select 'ledger' as what, version as name, checksum as value from schema_migrations
    union all select event, version, checksum from migration_events
    union all select 'definition', path, case when dropped_at is null then checksum end from schema_definitions
    union all select concat('statement ', direction, ' ', place), version, checksum from migration_statements
    union all select 'journey', name, null from journey
    union all select 'book', id::text, to_jsonb(book)::text from book
    order by what, name`);
  return { catalog: await catalogFingerprint(sql), rows: [...rows] };
}

/** What must never be there after a run, also where the fingerprint does not look: in pg_toast, and in the journal. */
const remains = `
  select 'invalid index' as what, indexrelid::regclass::text as name from pg_index
  where not (indisvalid and indisready and indislive)
  union all select 'half detached partition', inhrelid::regclass::text from pg_inherits where inhdetachpending
  union all select 'unfinished statement', version from migration_statements where ended_at is null`;

/** Fails with what differs. */
export function expectOutcome(actual: Outcome, expected: Outcome): void {
  expect(fingerprintDifference(expected.catalog, actual.catalog)).toBe("");
  expect(actual.rows).toEqual(expected.rows);
}
