import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { untilActive } from "../support/backends.ts";
import { killCli, startCli } from "../support/cli.ts";
import { createDatabaseWithEngine, openSession } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { randomNumbers } from "../support/random-choice.ts";
import { expectOutcome, files, onTarget, outcomeOf, succeed } from "./scenario.ts";

/** How long the statement runs, in milliseconds. */
const duration = 300;

const moments = randomNumbers(10, duration);

test("migrate again completes a run that was killed at any moment of a statement", async () => {
  const observer = openSession(inject("serverUrl"));
  const slow = migration(
    `alter table book add column year int;\ndo 'begin perform pg_sleep(${duration / 1000}); end';\n` +
      "insert into author (name) values ('third')",
  );
  const project = await createProject({ ...files, "migrations/005_slow.sql": slow });
  const undisturbed = await createDatabaseWithEngine();
  await succeed(["migrate"], { url: undisturbed.url, project });
  const expected = await outcomeOf(undisturbed.sql);
  const killAfter = async (moment: number): Promise<void> => {
    const { name, url, sql } = await createDatabaseWithEngine();
    const target = { url, project };
    const run = startCli(onTarget(["migrate"], target));
    await untilActive(observer, name, "doramaflix-db: 005_slow");
    await sleep(moment);
    await killCli(run);
    await succeed(["migrate"], target);
    expectOutcome(await outcomeOf(sql), expected);
    await sql.end();
  };
  await Promise.all(
    [0, 1].map(async (lane) => {
      for (const moment of moments.filter((_, place) => place % 2 === lane))
        await killAfter(moment);
    }),
  );
  expect(moments).toHaveLength(10);
});
