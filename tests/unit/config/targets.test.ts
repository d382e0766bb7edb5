import { expect, test } from "vitest";
import { loadTargets } from "../../../src/config/load.ts";
import { isConnectionText, printable } from "../../../src/config/targets.ts";
import { createSandbox } from "./sandbox.ts";

test.each([
  ["tenant_1", false],
  ["Tenant 1 (old)", false],
  ["a@b", false],
  ["postgres", false],
  ["postgres://h/d", true],
  ["postgresql://", true],
  ["dbname=d", true],
  ["service=tenant1", true],
  ["mysql://u:p@h/d", true],
  ["postgres:/u:p@h/d", true],
  ["u:p@h:5432/d", true],
])('"%s" describes a connection: %s', (text, expected) => {
  expect(isConnectionText(text)).toBe(expected);
});

test.each([
  ["tenant_1", "tenant_1"],
  ["postgres://u:p@h/d", "postgres://u:***@h/d"],
  ["host=h password=p", "host=h password=***"],
  ["u:p@h/d", "***"],
  ["mysql://u:p@h/d", "***"],
])('"%s" is shown as "%s"', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("a name takes the place of the database only, and an address that of the whole connection", async () => {
  const sandbox = createSandbox();
  const { home, project } = sandbox;
  sandbox.write("home/.pgpass", "h1:*:one:*:first\nh1:*:two:*:second\n");
  const { targets } = await loadTargets(
    [
      { text: "one", source: "list:1" },
      { text: "two", source: "list:2" },
      { text: "postgres://h2:5433/two", source: "list:3" },
      { text: "a=b", source: "--targets", isName: true },
    ],
    {
      flags: { url: "postgres://u@h1/zero?options=-cwork_mem%3D64MB" },
      env: { PGPORT: "5444" },
      cwd: project,
      home,
      user: "os-user",
    },
  );
  const common = { user: "u", hosts: [{ host: "h1", port: 5444 }], options: "-cwork_mem=64MB" };
  expect(targets.map(({ name, config }) => ({ name, ...config.connection }))).toMatchObject([
    { name: "one", database: "one", password: "first", ...common },
    { name: "two", database: "two", password: "second", ...common },
    {
      name: "two at h2:5433",
      database: "two",
      password: undefined,
      user: "os-user",
      hosts: [{ host: "h2", port: 5433 }],
      source: "list:3",
    },
    { name: "a=b", database: "a=b", ...common },
  ]);
  expect(targets.every(({ config }) => Object.isFrozen(config.connection))).toBe(true);
});

test("the problems of all addresses are told at once, with their places and without passwords", async () => {
  const { home, project } = createSandbox();
  const refusal = loadTargets(
    [
      { text: "u:secret@h", source: "list:1" },
      { text: "fine", source: "list:2" },
      { text: "postgres://u:sec/ret@h/d", source: "list:3" },
    ],
    { flags: {}, env: {}, cwd: project, home, user: "os-user" },
  );
  await expect(refusal).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    detail: expect.stringMatching(/^(?!.*sec)[^]*"list:1"[^]*"list:3"/) as string,
  });
});
