import { describe, expect, test } from "vitest";
import type { MigrationFile } from "../../../src/project/migration-file.ts";
import { pendingMigrations } from "../../../src/migrations/ledger/pending-migrations.ts";
import { compareWithLedger, unknownVersion } from "../../../src/migrations/ledger/plan.ts";
import type { LedgerRow } from "../../../src/migrations/rows.ts";
import { errorOf, migrationOf } from "../project/source.ts";

function rowOf(version: string, checksum: string | null): LedgerRow {
  return {
    version,
    description: null,
    applied_at: null,
    duration_ms: null,
    applied_by: null,
    checksum,
    rollback_sql: null,
    irreversible: null,
  };
}

/** The row that applying the file leaves. */
function applied(file: MigrationFile): LedgerRow {
  return rowOf(file.version.name, file.source.checksum);
}

const first = migrationOf("001_first");
const second = migrationOf("002_second");
const third = migrationOf("003_third");
const fourth = migrationOf("004_fourth");

const otherText = "-- migrate:up\nselect 3;\n-- migrate:down\nselect 4;\n";

interface Case {
  readonly files: readonly MigrationFile[];
  readonly rows: readonly LedgerRow[];
  readonly states: readonly string[];
}

describe("compared with the ledger, a migration is", () => {
  const cases: Record<string, Case> = {
    "applied or pending": {
      files: [first, second],
      rows: [applied(first)],
      states: ["001_first: applied", "002_second: pending"],
    },
    "changed, with another checksum": {
      files: [first],
      rows: [rowOf("001_first", `sha256:${"0".repeat(64)}`)],
      states: ["001_first: changed"],
    },
    "applied, with the checksum of another tool": {
      files: [first],
      rows: [rowOf("001_first", "d41d8cd98f00b204e9800998ecf8427e")],
      states: ["001_first: applied"],
    },
    "applied, without a checksum": {
      files: [first],
      rows: [rowOf("001_first", null)],
      states: ["001_first: applied"],
    },
    "missing, in its place": {
      files: [first, third],
      rows: [first, second, third].map(applied),
      states: ["001_first: applied", "002_second: missing", "003_third: applied"],
    },
    "missing, at the end where it has no number": {
      files: [first],
      rows: [rowOf("initial", null), applied(first)],
      states: ["initial: missing", "001_first: applied"],
    },
    "out of order": {
      files: [first, second, third],
      rows: [applied(first), applied(third)],
      states: ["001_first: applied", "002_second: out of order", "003_third: applied"],
    },
    "behind a gap": {
      files: [first, third, fourth],
      rows: [applied(first)],
      states: ["001_first: applied", "003_third: gap before", "004_fourth: pending"],
    },
    "pending, where the number before it is in the ledger only": {
      files: [first, third],
      rows: [applied(first), rowOf("002_second", "sha256:0")],
      states: ["001_first: applied", "002_second: missing", "003_third: pending"],
    },
    "renamed, where file and row have one checksum": {
      files: [first, third],
      rows: [applied(first), applied(second)],
      states: ["001_first: applied", "003_third: renamed"],
    },
    "renamed, and the newest under its new number": {
      files: [first, migrationOf("002_other", otherText), fourth],
      rows: [applied(first), applied(third)],
      states: ["001_first: applied", "002_other: out of order", "004_fourth: renamed"],
    },
    "missing and pending, where two files could be the renamed one": {
      files: [first, second],
      rows: [applied(third)],
      states: ["001_first: out of order", "002_second: out of order", "003_third: missing"],
    },
    "missing and pending, where two rows could be the renamed one": {
      files: [third],
      rows: [applied(first), applied(second)],
      states: ["001_first: missing", "002_second: missing", "003_third: pending"],
    },
    "pending behind a gap, where numbers are timestamps": {
      files: [migrationOf("20200605075829074_a"), migrationOf("20200605075829076_b")],
      rows: [],
      states: ["20200605075829074_a: pending", "20200605075829076_b: pending"],
    },
    "out of order by one in the last of 17 digits": {
      files: [migrationOf("20200605075829074_a"), migrationOf("20200605075829075_b")],
      rows: [applied(migrationOf("20200605075829075_b"))],
      states: ["20200605075829074_a: out of order", "20200605075829075_b: applied"],
    },
    "pending, where the first number is 0": {
      files: [migrationOf("000_zero"), first],
      rows: [],
      states: ["000_zero: pending", "001_first: pending"],
    },
    "behind a gap, where the first number is 2": {
      files: [second],
      rows: [],
      states: ["002_second: gap before"],
    },
  };

  test.for(Object.entries(cases))("%s", ([, { files, rows, states }]) => {
    const compared = compareWithLedger(files, rows);
    expect(compared.map(({ version, state }) => `${version}: ${state}`).toSorted()).toEqual(
      states.toSorted(),
    );
  });
});

test("compared migrations are in the order of their numbers, not of their names", () => {
  const files = ["9_nine", "10_ten", "11_eleven"].map((name) => migrationOf(name));
  const rows = ["8_eight", "100_hundred"].map((name) => rowOf(name, null));
  expect(compareWithLedger(files, rows).map(({ version }) => version)).toEqual([
    "8_eight",
    "9_nine",
    "10_ten",
    "11_eleven",
    "100_hundred",
  ]);
});

const forbid = { to: undefined, outOfOrder: "forbid" } as const;

describe("pending migrations", () => {
  const compared = compareWithLedger([first, second, third], [applied(first)]);

  test.for([
    { to: undefined, names: ["002_second", "003_third"] },
    { to: "002_second", names: ["002_second"] },
    { to: "001_first", names: [] },
  ])("end with $to", ({ to, names }) => {
    const pending = pendingMigrations(compared, { ...forbid, to });
    expect(pending.map(({ version }) => version.name)).toEqual(names);
  });

  test("are none in a project without migrations", () => {
    expect(pendingMigrations([], forbid)).toEqual([]);
  });

  const disagreements: Record<string, Omit<Case, "states"> & { code: string; message: string }> = {
    changed: {
      files: [first],
      rows: [rowOf("001_first", "sha256:0")],
      code: "MIGRATION_CHANGED",
      message: 'Migration "001_first" was changed after it was applied.',
    },
    missing: {
      files: [],
      rows: [applied(first)],
      code: "MIGRATION_MISSING",
      message: 'Migration "001_first" is applied, and its file is missing.',
    },
    renamed: {
      files: [second],
      rows: [applied(first)],
      code: "MIGRATION_RENAMED",
      message: 'Migration "002_second" is applied as "001_first": its file was renamed.',
    },
    "out of order": {
      files: [first, second, third],
      rows: [applied(third)],
      code: "MIGRATION_OUT_OF_ORDER",
      message: 'Migration "001_first" is not applied, and the newer "003_third" is.',
    },
    "behind a gap": {
      files: [first, third],
      rows: [],
      code: "MIGRATION_GAP",
      message: 'Migration "003_third" leaves a gap: there is no migration with the number 2.',
    },
  };

  test.for(Object.entries(disagreements))(
    "are refused when one is %s, with all that are",
    ([, { files, rows, code, message }]) => {
      const error = errorOf(() => pendingMigrations(compareWithLedger(files, rows), forbid));
      expect(error).toMatchObject({
        code,
        message,
        hint: expect.stringMatching(/\w{3}/) as string,
      });
      const others =
        code === "MIGRATION_OUT_OF_ORDER"
          ? "Most likely it was merged from a branch after the newer one had been applied. " +
            'The same holds for "002_second".'
          : undefined;
      expect(error.detail).toBe(others);
    },
  );

  test("that are older than an applied one can be renamed to the next number, which is given, or allowed", () => {
    const older = compareWithLedger([first, second, third, fourth], [applied(third)]);
    const { hint } = errorOf(() => pendingMigrations(older, forbid));
    expect(hint).toContain('"005_first.sql"');
    expect(hint).toContain("doramaflix-db migrate --out-of-order allow");
    const allow = { to: undefined, outOfOrder: "allow" } as const;
    expect(pendingMigrations(older, allow).map(({ version }) => version.name)).toEqual([
      "001_first",
      "002_second",
      "004_fourth",
    ]);
  });

  test("that are older are not allowed where something else disagrees", () => {
    const rows = [applied(third), rowOf("004_fourth", "sha256:0")];
    const allow = { to: undefined, outOfOrder: "allow" } as const;
    const error = errorOf(() =>
      pendingMigrations(compareWithLedger([first, third, fourth], rows), allow),
    );
    expect(error.code).toBe("MIGRATION_CHANGED");
  });
});

describe("for an unknown version", () => {
  const known = ["001_first", "002_second", "020_twentieth", "030_again"].map((version) => ({
    version,
  }));

  test.for([
    { given: "002", nearest: "002_second" },
    { given: "2", nearest: "002_second" },
    { given: "20", nearest: "020_twentieth" },
    { given: "002_secnd", nearest: "002_second" },
    { given: "second", nearest: "002_second" },
    { given: "005_first", nearest: "001_first" },
    { given: "001_first.sql", nearest: "001_first" },
    { given: "migrations/001_first.sql", nearest: "001_first" },
    { given: "migrations\\001_first.sql", nearest: "001_first" },
    { given: "nothing_like_it", nearest: "030_again" },
    { given: "", nearest: "030_again" },
  ])("$given, $nearest is suggested", ({ given, nearest }) => {
    const error = unknownVersion(given, known);
    expect(error).toMatchObject({
      code: "MIGRATION_UNKNOWN",
      hint: expect.stringContaining(`Did you mean "${nearest}"?`) as string,
    });
  });

  test("nothing is suggested where there are none", () => {
    expect(unknownVersion("001", []).hint).not.toContain("Did you mean");
  });
});
