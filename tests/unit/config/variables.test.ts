import { describe, expect, it } from "vitest";
import { createSandbox, wording } from "./sandbox.ts";

const file = "project/doramaflix-db.json";

describe("variables", () => {
  it("come from the config file and from the environment, which comes first", async () => {
    const sandbox = createSandbox();
    sandbox.write(file, '{ "variables": { "owner": "app", "region": "eu" } }');
    const env = {
      DORAMAFLIX_DB_VARIABLE_OWNER: "deploy",
      DORAMAFLIX_DB_VARIABLE_empty: "",
      OTHER: "x",
    };
    expect((await sandbox.load({ env })).config.variables).toEqual({
      owner: "deploy",
      region: "eu",
      empty: "",
    });
  });

  it("are none where none are defined, and cannot be changed", async () => {
    const { variables } = (await createSandbox().load()).config;
    expect(variables).toEqual({});
    expect(Object.isFrozen(variables)).toBe(true);
  });

  it.each([
    ['{ "variables": 1 }', '"variables" must be an object'],
    ['{ "variables": ["a"] }', '"variables" must be an object'],
    ['{ "variables": { "owner": 5 } }', '"owner" must be a text in quotes'],
    ['{ "variables": { "Owner": "s3cret" } }', '"Owner" must have lower-case letters'],
    ['{ "variables": { "an owner": "s3cret" } }', '"an owner" must have lower-case letters'],
    [String.raw`{ "variables": { "owner": "s3cret\u0000" } }`, "must not hold a NUL"],
    ['{ "variable": {} }', 'Did you mean "variables"?'],
  ])("as in %s are refused", async (text, expected) => {
    const sandbox = createSandbox();
    const path = sandbox.write(file, text);
    const error = await sandbox.failure();
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    for (const part of [path, expected]) expect(wording(error)).toContain(part);
    expect(wording(error)).not.toContain("s3cret");
  });

  it("of the environment that could not be named in a file are refused", async () => {
    const error = await createSandbox().failure({ env: { DORAMAFLIX_DB_VARIABLE_1ST: "s3cret" } });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(wording(error)).toContain("DORAMAFLIX_DB_VARIABLE_1ST");
    expect(wording(error)).not.toContain("s3cret");
  });
});
