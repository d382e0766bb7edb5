import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

beforeEach(async () => {
  await database.sql`truncate job_runs, scheduled_jobs`;
});

/** Records runs of a job, a minute apart, of which the last ended `ago` minutes before now. */
async function ran(results: string, { job = "views", ago = 1 } = {}): Promise<void> {
  await database.sql`
    insert into job_runs (job, due_at, started_at, ended_at, result, worker)
    select ${job}, at, at, at + interval '1 second', result, 'somebody'
    from (
      select g.result, now() - make_interval(mins => ${ago} + (count(*) over () - g.place)::integer) as at, g.place
      from unnest(string_to_array(${results}, ' ')) with ordinality g (result, place)
    ) r
    order by place`;
}

/** Takes what is to be told, and says that it was. */
async function tell(repeat: string | null = null): Promise<string[]> {
  const told = await database.sql<{ notification: string; run_id: string }[]>`
    select * from take_job_notification(repeat => ${repeat}::interval)`;
  for (const { run_id: run } of told) await database.sql`select record_job_notification(${run})`;
  return told.map(({ notification }) => notification);
}

async function shiftTimes(by: string): Promise<void> {
  await database.sql`
    update job_runs
    set notification_began_at = notification_began_at - ${by}::interval,
        notified_at = notified_at - ${by}::interval`;
}

describe("what is to be told", () => {
  test.each([
    ["done", []],
    ["failed", ["failed"]],
    ["lost", ["failed"]],
    ["findings", ["findings"]],
    ["failed interrupted", ["failed"]],
    ["failed done", []],
    ["interrupted", []],
  ])("after %s, nothing told before: %j", async (results, expected) => {
    await ran(results);
    expect(await tell()).toEqual(expected);
    expect(await tell()).toEqual([]);
  });

  test.each([
    ["failed", "failed", []],
    ["failed", "lost", []],
    ["failed", "findings", ["findings"]],
    ["failed", "done", ["recovered"]],
    ["failed", "interrupted", []],
    ["failed", "done failed", ["failed"]],
    ["failed", "interrupted failed", []],
    ["findings", "done done", ["recovered"]],
    ["done", "failed", ["failed"]],
  ])("after %s was told, and then %s: %j", async (before, after, expected) => {
    await ran(before, { ago: 60 });
    await tell();
    await ran(after);
    expect(await tell()).toEqual(expected);
    expect(await tell()).toEqual([]);
  });

  test("a recovery is told once, and a new failure after it again", async () => {
    const told: string[][] = [];
    for (const [place, result] of ["failed", "done", "done", "failed"].entries()) {
      await ran(result, { ago: 10 - place });
      told.push(await tell());
    }
    expect(told).toEqual([["failed"], ["recovered"], [], ["failed"]]);
  });

  test("what goes on is told again after the interval, of the same run too", async () => {
    await ran("failed");
    expect(await tell("1 hour")).toEqual(["failed"]);
    await shiftTimes("59 minutes");
    await ran("failed", { ago: 0 });
    expect(await tell("1 hour")).toEqual([]);
    await shiftTimes("2 minutes");
    expect(await tell("1 hour")).toEqual(["failed"]);
    await shiftTimes("61 minutes");
    expect(await tell("1 hour")).toEqual(["failed"]);
    expect(await tell()).toEqual([]);
  });

  test("each job is told of by itself", async () => {
    await ran("failed", { job: "retire", ago: 2 });
    await ran("failed", { job: "name with 'quotes' and ünïcode" });
    expect([await tell(), await tell(), await tell()]).toEqual([["failed"], ["failed"], []]);
  });

  test("only what is asked for: a recovery that nobody is told of ends the failure all the same", async () => {
    await ran("failed");
    await tell();
    await ran("done", { ago: 0 });
    const [none] = await database.sql`select * from take_job_notification('{failed,findings}')`;
    expect(none).toBeUndefined();
    await ran("failed", { ago: -1 });
    expect(await tell()).toEqual(["failed"]);
  });

  test("of a job that nobody has run for a day only where a scheduler has it", async () => {
    await ran("failed", { ago: 1500 });
    expect(await tell()).toEqual([]);
    await database.sql`insert into scheduled_jobs values ('views', '0 0 1 * *', 'UTC')`;
    expect(await tell()).toEqual(["failed"]);
  });

  test("is told again after ten minutes where the one who took it did not get through", async () => {
    await ran("failed");
    const take = database.sql`select notification from take_job_notification()`;
    expect(await take).toEqual([{ notification: "failed" }]);
    expect(await tell()).toEqual([]);
    await shiftTimes("11 minutes");
    expect(await tell()).toEqual(["failed"]);
  });
});

test("of many sessions that ask at once, one is to tell", async () => {
  for (const [ago, job] of ["views", "health"].entries()) await ran("failed", { job, ago });
  const sessions = Array.from({ length: 8 }, () => openSession(database.url));
  const taken = await Promise.all(
    sessions.flatMap((sql) =>
      [1, 2].map(async () => sql`select run_id from take_job_notification()`),
    ),
  );
  await Promise.all(sessions.map(async (sql) => sql.end()));
  expect(taken.flat()).toHaveLength(2);
  expect(new Set(taken.flat().map((row) => String(row["run_id"]))).size).toBe(2);
});

test("among the runs of 90 days, it takes no second to see that there is nothing to tell", async () => {
  await database.sql`
    insert into job_runs (job, due_at, started_at, ended_at, result, worker)
    select 'views', at, at, at + interval '1 second', 'done', 'somebody'
    from generate_series(now() - interval '90 days', now() - interval '5 minutes', interval '5 minutes') at`;
  await database.sql`analyze job_runs`;
  const began = performance.now();
  expect(await tell()).toEqual([]);
  expect(performance.now() - began).toBeLessThan(1000);
  await ran("failed", { ago: 0 });
  expect(await tell()).toEqual(["failed"]);
  await ran("failed", { ago: -1 });
  const again = performance.now();
  expect(await tell()).toEqual([]);
  expect(performance.now() - again).toBeLessThan(1000);
});
