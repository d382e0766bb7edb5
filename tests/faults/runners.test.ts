import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { patience } from "../support/fault-points.ts";
import { createProject } from "../support/project.ts";
import { outcomeOf } from "./outcome.ts";
import { files } from "./project-files.ts";
import { onTarget } from "./scenario.ts";
import { withTraffic } from "./traffic.ts";

const runners = 20;

interface Answer {
  readonly migrations: readonly { readonly version: string }[];
  readonly definitions: readonly unknown[];
  readonly total: unknown;
}

test(
  "twenty runs at once that build indexes concurrently all end well, and each migration runs once",
  async () => {
    const { name, url, sql } = await createDatabase();
    // The builds take long enough for all others to be waiting meanwhile.
    await sql.unsafe(`alter database ${name} set test.pause = '0.02'`);
    const command = [
      ...onTarget(["migrate"], { url, project: await createProject(files) }),
      "--wait",
      "10min",
    ];
    const results = await withTraffic(url, async () =>
      Promise.all(Array.from({ length: runners }, async () => runCli(command))),
    );
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    const waited = results.filter(({ stderr }) => stderr.includes("Another run is at work"));
    expect(waited.length).toBeGreaterThan(0);
    const answers = results.map(({ stdout }) => JSON.parse(stdout) as Answer);
    const versions = Object.keys(files).filter((path) => path.startsWith("migrations/"));
    const applied = answers.flatMap(({ migrations }) => migrations.map(({ version }) => version));
    expect(applied.map((version) => `migrations/${version}.sql`)).toEqual(versions);
    expect(answers.map(({ total }) => total)).toEqual(
      answers.map(() => ({ migrations: 12, definitions: 4 })),
    );
    const { rows } = await outcomeOf(sql);
    expect(rows.filter((row) => (row as { what: string }).what === "applied")).toHaveLength(12);
    expect(await sql`select deadlocks::int from pg_stat_database where datname = ${name}`).toEqual([
      { deadlocks: 0 },
    ]);
    expect(results.filter(({ stderr }) => stderr.includes("deadlock"))).toEqual([]);
  },
  patience,
);
