import type { ScratchDatabase } from "../../context.ts";
import { locationAt } from "../../core/source-text.ts";
import { count } from "../../output/units.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import { foundOf } from "../found.ts";
import type { Found } from "../results.ts";
import { lossesOf } from "./data-loss.ts";
import { differencesOf, readFingerprint, type Fingerprint } from "./fingerprint.ts";
import type { SeedRun } from "./seeds.ts";

export interface RoundTrip {
  readonly found: readonly Found[];
  /** What the catalog says afterwards; undefined where the database is not as the migration leaves it. */
  readonly after: Fingerprint | undefined;
}

/** What is there when the trip begins: the migration has just been applied. */
export interface Departure {
  readonly migration: CheckedMigration;
  /** What the catalog said before the migration. */
  readonly before: Fingerprint;
  readonly seeds: SeedRun;
}

/** Takes the newest migration back and applies it again; each time the catalog must be what it was. */
export async function roundTrip(
  scratch: ScratchDatabase,
  { migration, before, seeds }: Departure,
): Promise<RoundTrip> {
  const after = await readFingerprint(scratch.database);
  await seeds.write();
  if (!("sql" in migration.down)) return { found: [], after };
  const between = await seeds.data();
  const place = downPlace(migration);
  const failure = await attempt(async () => scratch.rollBack());
  if (failure !== undefined) {
    const isUnchanged = differencesOf(after, await readFingerprint(scratch.database)).length === 0;
    const placed = { ...failure, location: failure.location ?? place.location };
    return { found: [placed], after: isUnchanged ? after : undefined };
  }
  const back = differencesOf(before, await readFingerprint(scratch.database));
  const found = inverseFound(back, place);
  const losses = lossesOf({ before: seeds.before, between, after: await seeds.data() });
  found.push(...losses.map((each) => Object.assign(each, place)));
  const again = await attempt(async () => scratch.apply(migration.version.name));
  if (again !== undefined)
    return { found: [...found, ...unrepeatable(again, back)], after: undefined };
  await seeds.write();
  const last = await readFingerprint(scratch.database);
  const differences = differencesOf(after, last);
  if (differences.length > 0) found.push(differsAgain(differences, place));
  return { found, after: last };
}

/** Returns what is to be said of an error that the project is to blame for. */
export async function attempt(work: () => Promise<unknown>): Promise<Found | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const found = foundOf(error);
    if (found === undefined) throw error;
    return found;
  }
}

type Place = Pick<Found, "location">;

/** A column that is added again stands at the end: PostgreSQL has no way to put it elsewhere. */
function inverseFound(differences: readonly string[], place: Place): Found[] {
  const real = differences.filter((line) => !isPlace(line));
  if (real.length > 0) {
    return [
      {
        ...place,
        object: null,
        rule: "down-not-inverse",
        level: "error",
        message: `After up and down the catalog is not what it was before: ${count(real.length, "difference")}.\n${shown(real)}`,
        cure: 'Undo in the down part all that the up part does, or write "-- migrate:irreversible REASON" instead of it.',
      },
    ];
  }
  if (differences.length === 0) return [];
  return [
    {
      ...place,
      object: null,
      rule: "down-moves-columns",
      level: "note",
      message: `After up and down columns stand in another order.\n${shown(differences)}`,
      cure: "Nothing needs to be done where all INSERTs and COPYs name their columns.",
    },
  ];
}

function isPlace(line: string): boolean {
  return line.startsWith("place of column ", 2);
}

/** What the down part has left stands most likely in the way, and that is said already. */
function unrepeatable(failure: Found, left: readonly string[]): Found[] {
  const reason = left.length > 0 ? " Its down part leaves something behind." : "";
  return [
    {
      ...failure,
      rule: "up-not-repeatable",
      message: `After its rollback the migration cannot be applied again.${reason}\n${failure.message}`,
      cure: "Let the down part undo all that the up part does; roles and other objects of the whole server too.",
    },
  ];
}

function differsAgain(differences: readonly string[], place: Place): Found {
  return {
    ...place,
    object: null,
    rule: "up-differs",
    level: "error",
    message: `Applied again after its rollback, the migration gives another catalog: ${count(differences.length, "difference")}.\n${shown(differences)}`,
    cure: "Let nothing in it depend on what an earlier run has left.",
  };
}

const shownLines = 8;
const shownCharacters = 240;

function shown(lines: readonly string[]): string {
  const rest = lines.length - shownLines;
  return [
    ...lines.slice(0, shownLines).map((line) => cut(line.replaceAll(/\s+/g, " "))),
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ].join("\n");
}

function cut(line: string): string {
  const characters = Array.from(line);
  return characters.length > shownCharacters
    ? `${characters.slice(0, shownCharacters - 1).join("")}…`
    : line;
}

function downPlace({ source, down, up }: CheckedMigration): Place {
  const { file, line, column } = locationAt(source, "sql" in down ? down.start : up.start);
  return { location: { file, line, column } };
}
