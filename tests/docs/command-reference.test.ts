import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";

test("the pages show the help of every command as it is", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["scripts/update-docs.js", "--check"],
    { cwd: packageRoot, encoding: "utf8" },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});
