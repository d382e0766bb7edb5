import { describe, expect, it } from "vitest";
import { createSandbox, wording } from "./sandbox.ts";

describe("the service file", () => {
  const sandbox = createSandbox();
  const own = sandbox.write(
    "home/.pg_service.conf",
    [
      "# a comment",
      "[other]",
      "host=wrong",
      "  [main]  ",
      "host=right",
      "",
      "  # another comment",
      "  dbname=my db  ",
      "host=second-is-ignored",
      "options=-c a=b",
      "[main]",
      "port=1",
      "[nested]",
      "service=main",
      "[broken]",
      "host = blanks",
      "nothing",
      "[typo]",
      "pasword=s3cret",
    ].join("\r\n"),
  );
  const given = sandbox.write("given.conf", "[main]\nhost=given\n");
  const system = sandbox.write(
    "etc/pg_service.conf",
    "[main]\nhost=system\n[system]\nhost=system\n",
  );
  const PGSYSCONFDIR = system.replace(/\/[^/]*$/, "");

  it("is read as libpq reads it", async () => {
    expect(await sandbox.connection({ env: { PGSERVICE: "main" } })).toMatchObject({
      source: "PGSERVICE",
      hosts: [{ host: "right", port: 5432 }],
      database: "my db",
      options: "-c a=b",
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ["PGSERVICEFILE first", { PGSERVICE: "main", PGSERVICEFILE: given, PGSYSCONFDIR }, "given"],
    ["the home folder's before the system's", { PGSERVICE: "main", PGSYSCONFDIR }, "right"],
    ["the system's last", { PGSERVICE: "system", PGSYSCONFDIR }, "system"],
    ["before PGHOST", { PGSERVICE: "main", PGHOST: "pg" }, "right"],
  ])("%s", async (_, env, host) => {
    expect((await sandbox.connection({ env })).hosts[0]?.host).toBe(host);
  });

  it("is named by the text too", async () => {
    const url = `postgres://?service=main&servicefile=${encodeURIComponent(given)}`;
    expect((await sandbox.connection({ url })).hosts[0]?.host).toBe("given");
  });

  it("names the files that it searched for an unknown service", async () => {
    const error = await sandbox.failure({ env: { PGSERVICE: "nowhere", PGSYSCONFDIR } });
    expect(error.code).toBe("CONFIG_INVALID");
    for (const part of ['"nowhere" from "PGSERVICE"', own, system]) {
      expect(wording(error)).toContain(part);
    }
  });

  it.each([
    ["nested", "Line 14 ", "another one"],
    ["broken", "Line 17 ", "no blanks"],
    ["typo", "Line 19 ", 'Did you mean "password"?'],
  ])("points at the wrong line of %s", async (service, line, hint) => {
    const error = await sandbox.failure({ env: { PGSERVICE: service } });
    expect(wording(error)).toContain(line);
    expect(wording(error)).toContain(hint);
    expect(wording(error)).not.toContain("s3cret");
  });
});
