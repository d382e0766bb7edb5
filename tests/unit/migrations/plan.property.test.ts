import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CliError } from "../../../src/core/errors.ts";
import type { MigrationFile } from "../../../src/project/migration-file.ts";
import { pendingMigrations } from "../../../src/migrations/ledger/pending-migrations.ts";
import { compareWithLedger, type ComparedMigration } from "../../../src/migrations/ledger/plan.ts";
import type { LedgerRow } from "../../../src/migrations/rows.ts";
import { compareVersions } from "../../../src/project/version.ts";
import { migrationOf, sourceOf } from "../project/source.ts";

/** Small numbers, so that files and rows meet, and timestamps. */
const number = fc.oneof(
  fc.nat(9).map((each) => String(each).padStart(3, "0")),
  fc.nat(5).map((each) => `2026010112000${each}`),
);

/** A project, in which no two files have the same number. */
const files: fc.Arbitrary<MigrationFile[]> = fc
  .uniqueArray(number, { maxLength: 8 })
  .map((numbers) => numbers.map((each) => migrationOf(`${each}_a`)));

const checksum = fc.constantFrom("as in the file", "sha256:other", "md5 of another tool", null);

function row(version: string, sum: string | null): LedgerRow {
  return {
    version,
    description: null,
    applied_at: null,
    duration_ms: null,
    applied_by: null,
    checksum:
      sum === "as in the file" ? sourceOf("", migrationOf("001_a").source.text).checksum : sum,
    rollback_sql: null,
    irreversible: null,
  };
}

/** A ledger that may have nothing to do with the project. */
const anyRows: fc.Arbitrary<LedgerRow[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.oneof(
        number.map((each) => `${each}_a`),
        fc.constantFrom("initial", "V2__other", "007_b"),
      ),
      checksum,
    )
    .map(([version, sum]) => row(version, sum)),
  { selector: ({ version }) => version, maxLength: 8 },
);

/** Files 1 to n, of which the first m are applied: what a project and its ledger look like day by day. */
const inOrder = fc.tuple(fc.nat(8), fc.nat(8)).map(([count, applied]) => {
  const all = Array.from({ length: count }, (_, index) =>
    migrationOf(`${String(index + 1).padStart(3, "0")}_a`),
  );
  return { files: all, rows: all.slice(0, applied).map(applying) };
});

function applying(file: MigrationFile): LedgerRow {
  return row(file.version.name, "as in the file");
}

function namesOf(planned: readonly MigrationFile[]): string[] {
  return planned.map(({ version }) => version.name);
}

const forbid = { to: undefined, outOfOrder: "forbid" } as const;

/** What `migrate` would apply; undefined where it refuses. */
function planOf(compared: readonly ComparedMigration[], to?: string): string[] | undefined {
  try {
    return namesOf(pendingMigrations(compared, { ...forbid, to }));
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 7) return undefined;
    throw error;
  }
}

test("every file and every row is there once, with a state that fits", () => {
  fc.assert(
    fc.property(files, anyRows, (project, rows) => {
      const compared = compareWithLedger(project, rows);
      const found = compared.flatMap((each) => each.file?.version.name ?? []);
      expect(found.toSorted()).toEqual(namesOf(project).toSorted());
      const known = compared.flatMap((each) => each.row?.version ?? []);
      expect(known.toSorted()).toEqual(rows.map(({ version }) => version).toSorted());
      const misfits = compared.filter(({ state, file, row: recorded }) => {
        if (state === "missing") return file !== undefined || recorded === undefined;
        if (state === "renamed")
          return !file || !recorded || file.version.name === recorded.version;
        if (state === "applied" || state === "changed") return !file || !recorded;
        return file === undefined || recorded !== undefined;
      });
      expect(misfits).toEqual([]);
    }),
  );
});

test("the order in which files and rows are found makes no difference", () => {
  fc.assert(
    fc.property(files, anyRows, (project, rows) => {
      const found = compareWithLedger(project, rows);
      expect(compareWithLedger(project.toReversed(), rows.toReversed())).toEqual(found);
    }),
  );
});

const given = fc.oneof(inOrder, fc.record({ files, rows: anyRows }));

test("a plan is refused, or is every file that is not applied, in order, after all that is applied", () => {
  fc.assert(
    fc.property(given, ({ files: project, rows }) => {
      const plan = planOf(compareWithLedger(project, rows));
      const recorded = new Set(rows.map(({ version }) => version));
      const names = namesOf(project.toSorted((a, b) => compareVersions(a.version, b.version)));
      const applied = names.filter((name) => recorded.has(name));
      const refused = plan === undefined;
      expect(refused ? names : [...applied, ...plan]).toEqual(names);
    }),
  );
});

test("when a plan has run, nothing is pending and nothing disagrees", () => {
  fc.assert(
    fc.property(given, ({ files: project, rows }) => {
      const compared = compareWithLedger(project, rows);
      const plan = planOf(compared);
      if (plan === undefined) return;
      const run = pendingMigrations(compared, forbid).map(applying);
      const again = compareWithLedger(project, [...rows, ...run]);
      expect(again.filter(({ state }) => state !== "applied")).toEqual([]);
      expect(planOf(again)).toEqual([]);
    }),
  );
});

test("to stop after any migration and go on later is the same as one run", () => {
  fc.assert(
    fc.property(inOrder, fc.nat(8), ({ files: project, rows }, place) => {
      const stop = project[place % project.length];
      if (stop === undefined) return;
      const compared = compareWithLedger(project, rows);
      const first = pendingMigrations(compared, { ...forbid, to: stop.version.name });
      const after = [...rows, ...first.map(applying)];
      const second = pendingMigrations(compareWithLedger(project, after), forbid);
      expect([...namesOf(first), ...namesOf(second)]).toEqual(planOf(compared));
      expect(namesOf(second)).not.toContain(stop.version.name);
    }),
  );
});

test("in a project that is added to and never changed, no plan is refused", () => {
  fc.assert(
    fc.property(inOrder, ({ files: project, rows }) => {
      expect(planOf(compareWithLedger(project, rows))).toEqual(namesOf(project).slice(rows.length));
    }),
  );
});

test("with --out-of-order allow a plan is every file that is not applied, in order", () => {
  fc.assert(
    fc.property(given, ({ files: project, rows }) => {
      const compared = compareWithLedger(project, rows);
      const states = new Set(compared.map(({ state }) => state));
      const refused = ["changed", "missing", "renamed", "gap before"] as const;
      fc.pre(!refused.some((state) => states.has(state)));
      const recorded = new Set(rows.map(({ version }) => version));
      const ordered = project.toSorted((a, b) => compareVersions(a.version, b.version));
      const plan = pendingMigrations(compared, { to: undefined, outOfOrder: "allow" });
      expect(namesOf(plan)).toEqual(namesOf(ordered).filter((name) => !recorded.has(name)));
    }),
  );
});
