import { expect, test } from "vitest";
import { exportJobs } from "../../../src/schedule/export.ts";
import { readSettings } from "../../../src/schedule/settings.ts";
import { createDatabaseWithEngine } from "../../support/database.ts";
import { historyOf, writeRows } from "../../support/materialized-views.ts";

/** Returns what pg_cron is given for the views. */
function exportedStatement(): string {
  const input = { program: "", nodeFolder: "", project: "", image: "" };
  const { files } = exportJobs(readSettings({ schedule: {} }), "pg_cron", input);
  const text = files[0]?.text ?? "";
  return /'doramaflix-db views', '[^']*', \$job\$(.*)\$job\$/.exec(text)?.[1] ?? "";
}

test("the job of pg_cron refreshes the views that are older than their policy allows, and what they need", async () => {
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe(`
    create table one (id int);
    create materialized view fresh as select count(*) from one;
    create materialized view low as select count(*) from one;
    create materialized view old as select * from low;
    create materialized view free as select count(*) from one;
    insert into matview_policies (view_name, every)
    values ('fresh', '1 hour'), ('old', '1 microsecond'), ('gone', '1 hour')`);
  await sql`select from refresh_materialized_views()`;
  const before = await historyOf(sql);
  await writeRows(sql, "insert into one values (1)");
  await sql.unsafe(exportedStatement());
  expect(
    (await historyOf(sql)).slice(before.length).map(({ view, error }) => [view, error]),
  ).toEqual([
    ["low", null],
    ["old", null],
  ]);
  expect(await sql`select (table fresh)::int as fresh, (table old)::int as old`).toEqual([
    { fresh: 0, old: 1 },
  ]);
});
