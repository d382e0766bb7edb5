import type { ScratchDatabase, ScratchServer } from "../../context.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import { lintMigration } from "../lint/lint-migration.ts";
import type { Report } from "../report.ts";
import { readFingerprint, type Fingerprint } from "./fingerprint.ts";
import { attempt, roundTrip } from "./round-trip.ts";
import { seedsFor } from "./seeds.ts";
import { traceMigration } from "./trace.ts";

/** Which migrations are tried, and how. */
export interface Walk {
  /** All, in order. */
  readonly migrations: readonly CheckedMigration[];
  /** The names of those that are tried; the others are applied. */
  readonly tried: ReadonlySet<string>;
  readonly seeds: string | undefined;
  readonly report: Report;
  /** Called where all migrations are applied, functions and views too. */
  readonly atEnd: (scratch: ScratchDatabase) => Promise<void>;
}

/**
 * Applies the migrations one by one and tries each on its way. Where one cannot be applied again after its rollback,
 * goes on behind it in a new database; where one cannot be applied at all, ends and says so.
 */
export async function walk(server: ScratchServer, plan: Walk): Promise<void> {
  const first = plan.migrations.findIndex(({ version }) => plan.tried.has(version.name));
  let next: number | undefined = first === -1 ? plan.migrations.length : first;
  while (next !== undefined) {
    const from: number = next;
    next = await server.withDatabase(async (scratch) =>
      (await applied(scratch, plan, from)) ? walkFrom(scratch, plan, from) : undefined,
    );
  }
}

/** Applies all migrations before that place. */
async function applied(
  scratch: ScratchDatabase,
  { migrations, report }: Walk,
  place: number,
): Promise<boolean> {
  const last = migrations[place - 1];
  if (last === undefined) return true;
  const failure = await report.measure("trace", async () =>
    attempt(async () => scratch.apply(last.version.name)),
  );
  if (failure !== undefined) report.add("trace", [failure]);
  return failure === undefined;
}

/** Returns the place to go on from in a new database; undefined at the end. */
async function walkFrom(
  scratch: ScratchDatabase,
  plan: Walk,
  from: number,
): Promise<number | undefined> {
  const { migrations, tried, report } = plan;
  let catalog: Fingerprint | undefined;
  for (const [place, migration] of migrations.entries()) {
    if (place < from) continue;
    if (!tried.has(migration.version.name)) {
      if (!(await applied(scratch, plan, place + 1))) return undefined;
      catalog = undefined;
      continue;
    }
    const step = await tryOne(scratch, plan, { migration, catalog });
    if (step === "failed") return undefined;
    if (step === "stuck") return place + 1;
    catalog = step;
  }
  const failure = await report.measure("trace", async () =>
    attempt(async () => scratch.complete()),
  );
  if (failure === undefined) await plan.atEnd(scratch);
  else report.add("trace", [failure]);
  return undefined;
}

interface Step {
  readonly migration: CheckedMigration;
  /** What the catalog says, where that is known. */
  readonly catalog: Fingerprint | undefined;
}

/** Returns what the catalog says afterwards, where that is known. */
async function tryOne(
  scratch: ScratchDatabase,
  { report, seeds: folder }: Walk,
  { migration, catalog }: Step,
): Promise<Fingerprint | undefined | "failed" | "stuck"> {
  const { name } = migration.version;
  if (!(await look(scratch, report, migration))) return "failed";
  const seeds = await seedsFor(scratch, folder, name);
  const before = report.wants("round-trip")
    ? await report.measure(
        "round-trip",
        async () => catalog ?? (await readFingerprint(scratch.database)),
      )
    : undefined;
  const failure = await attempt(async () => scratch.apply(name));
  if (failure !== undefined) {
    report.add("trace", [failure]);
    return "failed";
  }
  if (before === undefined) {
    await seeds.write();
    return undefined;
  }
  const trip = await report.measure("round-trip", async () =>
    roundTrip(scratch, { migration, before, seeds }),
  );
  report.add("round-trip", trip.found);
  return trip.after ?? "stuck";
}

/** Looks at a migration without applying it; returns false where it cannot be applied. */
async function look(
  scratch: ScratchDatabase,
  report: Report,
  migration: CheckedMigration,
): Promise<boolean> {
  if (report.wants("lint")) {
    const found = await report.measure("lint", async () =>
      lintMigration(scratch.database, migration, scratch.serverVersion),
    );
    report.add("lint", found);
  }
  if (!report.wants("trace")) return true;
  const { traced, found } = await report.measure("trace", async () =>
    traceMigration(scratch, migration),
  );
  report.add("trace", found);
  if (traced !== undefined) report.trace.push(traced);
  return traced !== undefined;
}
