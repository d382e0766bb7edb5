import { expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { runCli } from "../support/cli.ts";
import { createDoramaflixDatabase } from "../support/database.ts";

test("a copy of the migrated database has nothing left to migrate", async () => {
  const { url } = await createDoramaflixDatabase();
  const args = ["--exit-code", "--url", url, "--project", packageRoot];
  expect(await runCli(["status", ...args])).toMatchObject({ exitCode: 0 });
});
