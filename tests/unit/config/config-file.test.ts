import { describe, expect, it } from "vitest";
import { createSandbox, wording } from "./sandbox.ts";

const name = "project/doramaflix-db.json";

describe("the config file", () => {
  it.each([
    ['{ "url": "postgres://h:1/db" }'],
    ['{ "url": "host=h port=1 dbname=db" }'],
    ['\uFEFF{ "url": "postgres://h:1/db" }'],
  ])("may say %s", async (text) => {
    const sandbox = createSandbox();
    sandbox.write(name, text);
    expect(await sandbox.connection()).toMatchObject({
      source: "doramaflix-db.json",
      hosts: [{ host: "h", port: 1 }],
      database: "db",
    });
  });

  it("may be empty of settings", async () => {
    const sandbox = createSandbox();
    sandbox.write(name, "{}");
    expect((await sandbox.load()).config.connection.kind).toBe("embedded");
  });

  it.each([
    ['{ "ulr": "x" }', ['"ulr"', 'Did you mean "url"?']],
    ['{ "colour": 1, "url": 5 }', ["2 problems", '"colour"', '"url" must be a text']],
    ['{ "url": "" }', ['"url" must not be empty']],
    ['{ "url": "  " }', ['"url" must not be empty']],
    ["[]", ["must hold an object"]],
    ["null", ["must hold an object"]],
    ["", ["not valid JSON", "empty"]],
    ['{ "url": "postgres://u:s3cret@h/db", }', ["not valid JSON"]],
    ['{ "url": "postgres://u:s3cret@h/db"', ["not valid JSON"]],
    ["{ url: 's3cret' }", ["not valid JSON"]],
  ])("%s is refused", async (text, expected) => {
    const sandbox = createSandbox();
    const path = sandbox.write(name, text);
    const error = await sandbox.failure();
    expect(error).toMatchObject({ code: "CONFIG_INVALID", exitCode: 2 });
    expect(error.hint).toBeTruthy();
    for (const part of [path, ...expected]) expect(wording(error)).toContain(part);
    expect(wording(error)).not.toContain("s3cret");
    expect(error.cause).toBeUndefined();
  });

  it("is checked even when the connection comes from elsewhere", async () => {
    const sandbox = createSandbox();
    sandbox.write(name, '{ "x": 1 }');
    expect((await sandbox.failure({ url: "postgres://h/db" })).message).toContain('"x"');
  });

  it("must be a file", async () => {
    const sandbox = createSandbox();
    sandbox.write(`${name}/x`, "");
    expect((await sandbox.failure()).message).toContain("cannot be read (EISDIR)");
  });
});
