import { beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../../src/core/package-root.ts";
import { filesBelow, textOf } from "../../architecture/files.ts";
import { catalogFingerprint } from "../../support/catalog-fingerprint.ts";
import { runCli } from "../../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  type TestDatabase,
} from "../../support/database.ts";
import { createProject } from "../../support/project.ts";

/** The versions in their order. */
const files = filesBelow("migrations").toSorted();
const versions = files.map((path) => path.replace(/^migrations\/(.*)\.sql$/, "$1"));

let engine: string[];

beforeAll(async () => {
  const { sql } = await createDatabaseWithEngine();
  engine = await catalogFingerprint(sql);
});

async function cli(url: string, project: string, ...args: string[]): Promise<void> {
  const result = await runCli([...args, "--url", url, "--project", project]);
  expect(result, result.stderr).toMatchObject({ exitCode: 0 });
}

/** A partition that was created for a policy stays when the policy goes: it may have rows. */
const created =
  /\b(?:(?:watch_history|content_analytics)_(?!2025_01)\d{4}_\d\d|user_progress_(?!2025)\d{4})/;

async function catalogOf(sql: TestDatabase["sql"]): Promise<string[]> {
  const lines = await catalogFingerprint(sql);
  return lines.filter((line) => !created.test(line));
}

test("each migration, taken back, leaves the catalog as it was before, and comes back the same", async () => {
  const project = await createProject(
    Object.fromEntries(files.map((path) => [path, textOf(path)])),
  );
  const { sql, url } = await createDatabase();
  const catalogs = [engine];
  for (const version of versions) {
    await cli(url, project, "migrate", "--to", version);
    catalogs.push(await catalogOf(sql));
    await cli(url, project, "rollback");
    expect(await catalogOf(sql), `without ${version}`).toEqual(catalogs.at(-2));
    await cli(url, project, "migrate", "--to", version);
    expect(await catalogOf(sql), `again with ${version}`).toEqual(catalogs.at(-1));
  }
});

test("with functions and views: all taken back leaves only the engine, and all comes back the same", async () => {
  const { sql, url } = await createDatabase();
  await cli(url, packageRoot, "migrate");
  const whole = await catalogFingerprint(sql);
  await cli(url, packageRoot, "rollback", "--steps", String(versions.length));
  expect(await catalogFingerprint(sql)).toEqual(engine);
  await cli(url, packageRoot, "migrate");
  expect(await catalogFingerprint(sql)).toEqual(whole);
});
