import { describe, expect, it } from "vitest";
import { createSandbox, wording } from "./sandbox.ts";

const sandbox = createSandbox();
const own = sandbox.write(
  "home/.pgpass",
  [
    "# h:5432:d:u:a comment",
    "",
    "too:short",
    "h:5432:d:u:first",
    "h:5432:d:u:second",
    "h:*:d:u:any port",
    "*:5432:star:*:star:with:colons",
    "e\\:f:5432:d:a\\\\b:p\\:q\\\\r",
    "::1:5432:d:u:plain",
    "\\:\\:2:5432:d:u:escaped",
    "localhost:5432:sock:u:local",
    "/srv/socket:5432:sock:u:folder",
    "empty:5432:d:u:",
    "10.0.0.1:5432:d:u:address",
    "same1:5432:d:u:same",
    "same2:5432:d:u:same",
    "crlf:5432:d:u:line\r",
    "last:5432:d:u:end",
  ].join("\n"),
);

describe("the password file", () => {
  it.each<[string, string | undefined]>([
    ["host=h dbname=d user=u", "first"],
    ["host=h dbname=d user=u port=6000", "any port"],
    ["host=h dbname=x user=u", undefined],
    ["host=anything dbname=star user=whoever", "star:with:colons"],
    ["host=e:f dbname=d user=a\\\\b", "p:q\\r"],
    ["host=::1 dbname=d user=u", "plain"],
    ["host=::2 dbname=d user=u", "escaped"],
    ["dbname=sock user=u", "local"],
    ["host=/tmp dbname=sock user=u", "local"],
    ["host=/var/run/postgresql dbname=sock user=u", "local"],
    ["host=/srv/socket dbname=sock user=u", "folder"],
    ["host=empty dbname=d user=u", undefined],
    ["hostaddr=10.0.0.1 dbname=d user=u", "address"],
    ["host=h hostaddr=10.0.0.1 dbname=d user=u", "first"],
    ["host=same1,same2 dbname=d user=u", "same"],
    ["host=crlf dbname=d user=u", "line"],
    ["host=last dbname=d user=u", "end"],
    ["host=h dbname=d user=u password=given", "given"],
    ["host=h dbname=d user=u password=''", "first"],
  ])("%s", async (url, expected) => {
    expect((await sandbox.connection({ url })).password).toBe(expected);
  });

  it("never sends one host's password to another", async () => {
    const error = await sandbox.failure({ url: "host=h,same1 dbname=d user=u" });
    expect(error.message).toContain(own);
    expect(wording(error)).not.toMatch(/first|: same/);
  });

  const url = "host=h dbname=d user=u";
  const given = sandbox.write("given", "h:5432:d:u:given\n");
  const variable = sandbox.write("variable", "h:5432:d:u:variable\n");

  it.each([
    ["the parameter first", `${url} passfile=${given}`, variable, "given"],
    ["then PGPASSFILE", url, variable, "variable"],
    ["which may be absent", url, `${variable}-absent`, undefined],
    ["a relative path starts at the current folder", `${url} passfile=../given`, variable, "given"],
  ])("is chosen: %s", async (...[, text, PGPASSFILE, expected]) => {
    expect((await sandbox.connection({ url: text, env: { PGPASSFILE } })).password).toBe(expected);
  });

  it("is not looked at when PGPASSWORD is set", async () => {
    const PGPASSFILE = sandbox.write("open-but-unused", "", 0o644);
    const { config, warnings } = await sandbox.load({ url, env: { PGPASSWORD: "p", PGPASSFILE } });
    expect(config.connection).toMatchObject({ password: "p" });
    expect(warnings).toEqual([]);
  });

  it.each([0o640, 0o604, 0o620, 0o601])("is ignored with a warning with mode %o", async (mode) => {
    const PGPASSFILE = sandbox.write("open", "*:*:*:*:secret\n", mode);
    const { config, warnings } = await sandbox.load({ url, env: { PGPASSFILE } });
    expect(config.connection).toMatchObject({ password: undefined });
    expect(warnings).toEqual([expect.stringContaining(`chmod 0600 "${PGPASSFILE}"`)]);
  });

  it("is ignored with a warning when it is a folder", async () => {
    const { warnings } = await sandbox.load({ url, env: { PGPASSFILE: sandbox.home } });
    expect(warnings).toEqual([expect.stringContaining("not a plain file")]);
  });
});
