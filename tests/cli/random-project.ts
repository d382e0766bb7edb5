import * as fc from "fast-check";
import { changeOf, kinds, type Change, type Schema } from "./random-changes.ts";

/** What one change is made of. */
interface Draw {
  readonly kind: string;
  readonly numbers: readonly number[];
  readonly beginsMigration: boolean;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom(...kinds),
  numbers: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
  beginsMigration: fc.boolean(),
});

/** The files of a project with a few migrations, each with its inverse, and some functions and views over their tables. */
export function randomProject(role: string): fc.Arbitrary<Record<string, string>> {
  return fc
    .tuple(fc.array(draw, { minLength: 4, maxLength: 30 }), fc.nat({ max: 2 }))
    .map(([draws, definitions]) => {
      const schema: Schema = { role, count: 0, tables: [], types: [] };
      const first = { kind: "table", numbers: [0, 0, 0], beginsMigration: true };
      const migrations = migrationsOf(schema, [first, ...draws]);
      return Object.fromEntries([...migrations, ...definitionsOn(schema, definitions)]);
    });
}

/** A file's path and its text. */
type File = readonly [path: string, text: string];

function migrationsOf(schema: Schema, draws: readonly Draw[]): File[] {
  const migrations: Change[][] = [];
  for (const { kind, numbers, beginsMigration } of draws) {
    const rest = numbers.values();
    const change = changeOf(
      kind,
      schema,
      (items) => items[(rest.next().value ?? 0) % items.length],
    );
    if (change === undefined) continue;
    const last = migrations.at(-1);
    if (beginsMigration || last === undefined || [change, ...last].some(isOutsideTransaction))
      migrations.push([change]);
    else last.push(change);
  }
  return migrations.map((each, place) => [
    `migrations/${String(place + 1).padStart(3, "0")}_changes.sql`,
    textOf(each),
  ]);
}

function isOutsideTransaction({ transaction }: Change): boolean {
  return transaction === false;
}

function textOf(all: readonly Change[]): string {
  const option = all.some(isOutsideTransaction) ? " transaction:false" : "";
  const ups = all.map(({ up }) => `${up};\n`).join("");
  const downs = all.toReversed().map(({ down }) => `${down};\n`);
  return `-- migrate:up${option}\n${ups}-- migrate:down${option}\n${downs.join("")}`;
}

function definitionsOn({ tables }: Schema, count: number): File[] {
  return tables.slice(0, count).flatMap(({ name }, place): File[] => [
    [
      `functions/count_${place}.sql`,
      `create or replace function count_${place}() returns bigint language sql as $$ select count(*) from ${name} $$;\n` +
        `comment on function count_${place}() is 'counts';\n`,
    ],
    [
      `views/ids_${place}.sql`,
      `create ${place === 0 ? "or replace view" : "materialized view"} ids_${place} as select id from ${name};\n`,
    ],
  ]);
}
