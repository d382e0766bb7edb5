import { realpathSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createSandbox, type Given } from "./sandbox.ts";

describe("the project folder", () => {
  const sandbox = createSandbox();
  const flagged = sandbox.write("flagged/x", "").replace(/\/x$/, "");
  const fromEnvironment = sandbox.write("environment/x", "").replace(/\/x$/, "");
  const variable = { DORAMAFLIX_DB_PROJECT: fromEnvironment };

  it.each<[string, Given, string]>([
    ["the flag first", { project: flagged, env: variable }, flagged],
    ["then the variable", { env: variable }, fromEnvironment],
    ["then the current folder", {}, sandbox.project],
    ["an empty variable is not set", { env: { DORAMAFLIX_DB_PROJECT: "" } }, sandbox.project],
    ["relative to the current folder", { project: "../flagged" }, flagged],
  ])("%s", async (_, given, expected) => {
    expect((await sandbox.load(given)).config.project).toBe(expected);
  });

  it.each<[string, Given, string]>([
    ["absent", { project: "nowhere" }, 'nowhere" from "--project" does not exist.'],
    ["a file", { env: { DORAMAFLIX_DB_PROJECT: `${flagged}/x` } }, 'PROJECT" is not a folder.'],
    ["below a file", { project: `${flagged}/x/y` }, "does not exist."],
    ["empty", { project: "" }, 'The value of "--project" is empty.'],
  ])("%s is refused", async (_, given, message) => {
    const error = await sandbox.failure(given);
    expect(error).toMatchObject({ code: "PROJECT_NOT_FOUND", exitCode: 2 });
    expect(error.message).toContain(message);
    expect(error.hint).toContain("--project");
  });
});

describe("the source of the connection", () => {
  const plain = createSandbox();
  const configured = createSandbox();
  configured.write("project/doramaflix-db.json", '{ "url": "postgres://file-host/db" }');
  const url = "postgres://flag-host/db";
  const DATABASE_URL = "postgres://env-host/db";

  it.each<[string, Given, string, string]>([
    ["--url wins", { url, env: { DATABASE_URL, PGHOST: "pg" } }, "--url", "flag-host"],
    ["then DATABASE_URL", { env: { DATABASE_URL, PGHOST: "pg" } }, "DATABASE_URL", "env-host"],
    [
      "an empty DATABASE_URL is not set",
      { env: { DATABASE_URL: "", PGHOST: "pg" } },
      "PGHOST",
      "pg",
    ],
    ["then PGHOST", { env: { PGHOST: "pg" } }, "PGHOST", "pg"],
    ["or PGHOSTADDR", { env: { PGHOSTADDR: "10.0.0.1" } }, "PGHOSTADDR", "10.0.0.1"],
    ["then the config file", {}, "doramaflix-db.json", "file-host"],
    ["before details", { env: { PGUSER: "me" } }, "doramaflix-db.json", "file-host"],
  ])("%s", async (...[, given, source, host]) => {
    expect(await configured.connection(given)).toMatchObject({ source, hosts: [{ host }] });
  });

  it.each([
    ["PGPORT", "5433"],
    ["PGDATABASE", "app"],
    ["PGUSER", "me"],
  ])("%s alone means a server of the user's own", async (name, value) => {
    const connection = await plain.connection({ env: { [name]: value } });
    expect(connection).toMatchObject({ source: name, hosts: [{ host: "localhost" }] });
  });

  it.each([{}, { PGPASSWORD: "x" }, { PGHOST: "", DATABASE_URL: " " }, { PGSSLMODE: "require" }])(
    "is the embedded server with %j",
    async (env) => {
      const { config, warnings } = await plain.load({ env });
      expect(config.connection).toEqual({ kind: "embedded" });
      expect(warnings).toEqual([]);
    },
  );

  it("refuses an empty --url instead of choosing another server", async () => {
    const error = await configured.failure({ url: " ", env: { DATABASE_URL } });
    expect(error).toMatchObject({ code: "CONFIG_INVALID", exitCode: 2 });
    expect(error.message).toContain("--url");
  });
});

describe("DATABASE_URL_FILE", () => {
  const sandbox = createSandbox();
  sandbox.write("project/doramaflix-db.json", '{ "url": "postgres://file-host/db" }');
  const file = sandbox.write("secrets/url", "\uFEFFpostgres://u:p%40ss@secret-host/db\r\n", 0o444);
  const empty = sandbox.write("secrets/empty", " \n");
  const env = { DATABASE_URL_FILE: file, PGHOST: "pg" };

  it.each<[string, Given, string]>([
    ["before PGHOST and the config file", { env }, "secret-host"],
    ["after --url", { url: "postgres://flag-host/db", env }, "flag-host"],
    ["relative", { env: { DATABASE_URL_FILE: "../secrets/url" } }, "secret-host"],
    ["not set where it is empty", { env: { DATABASE_URL_FILE: "" } }, "file-host"],
  ])("is read %s", async (...[, given, host]) => {
    expect(await sandbox.connection(given)).toMatchObject({ hosts: [{ host }] });
  });

  it("gives the password, and is named as the source", async () => {
    expect(await sandbox.connection({ env })).toMatchObject({
      source: "DATABASE_URL_FILE",
      password: "p@ss",
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ["missing", { DATABASE_URL_FILE: "nowhere" }, "is missing or empty"],
    ["empty", { DATABASE_URL_FILE: empty }, "is missing or empty"],
    ["a folder", { DATABASE_URL_FILE: sandbox.home }, "cannot be read (EISDIR)"],
    ["beside DATABASE_URL", { ...env, DATABASE_URL: "postgres://h/db" }, "Both DATABASE_URL and"],
  ])("is refused where it is %s", async (_, given, message) => {
    const error = await sandbox.failure({ env: given });
    expect(error).toMatchObject({ code: "CONFIG_INVALID", exitCode: 2 });
    expect(error.message).toContain(message);
    expect(JSON.stringify(error)).not.toContain("p%40ss");
  });
});

describe("what a source leaves out", () => {
  const sandbox = createSandbox();
  sandbox.write("home/.pg_service.conf", "[s]\nuser=service-user\nport=7001\n");

  it("gets libpq's defaults, but for the time to wait", async () => {
    expect(await sandbox.connection({ url: "postgres://" })).toEqual({
      kind: "server",
      source: "--url",
      hosts: [{ host: "localhost", port: 5432 }],
      database: "os-user",
      user: "os-user",
      password: undefined,
      tls: "prefer",
      connectTimeout: 15,
      options: undefined,
      targetSessionAttributes: "any",
    });
  });

  it.each<[string, Given, object]>([
    [
      "the text before the service, the service before the environment",
      { url: "postgres://h/db?service=s&port=7000", env: { PGUSER: "pg", PGPASSWORD: "pw" } },
      { hosts: [{ host: "h", port: 7000 }], user: "service-user", password: "pw" },
    ],
    [
      "the service that the environment names",
      { url: "host=h", env: { PGSERVICE: "s" } },
      { hosts: [{ host: "h", port: 7001 }], user: "service-user", database: "service-user" },
    ],
    [
      "the environment before the defaults",
      {
        url: "host=h",
        env: {
          PGPORT: "7002",
          PGDATABASE: "d",
          PGUSER: "u",
          PGPASSWORD: "p",
          PGCONNECT_TIMEOUT: "9",
          PGOPTIONS: "-c a=b",
          PGTARGETSESSIONATTRS: "read-write",
          PGSSLMODE: "disable",
        },
      },
      {
        hosts: [{ host: "h", port: 7002 }],
        database: "d",
        user: "u",
        password: "p",
        connectTimeout: 9,
        options: "-c a=b",
        targetSessionAttributes: "read-write",
        tls: false,
      },
    ],
    [
      "an empty parameter hides the environment",
      { url: "host=h port=''", env: { PGPORT: "1" } },
      { hosts: [{ host: "h", port: 5432 }] },
    ],
    [
      "a negative timeout waits for ever",
      { url: "host=h connect_timeout=-1" },
      { connectTimeout: 0 },
    ],
  ])("%s", async (_, given, expected) => {
    expect(await sandbox.connection(given)).toMatchObject(expected);
  });
});

it("freezes everything", async () => {
  const sandbox = createSandbox();
  sandbox.write("home/.postgresql/root.crt", "-----BEGIN CERTIFICATE-----\n");
  const { config } = await sandbox.load({ url: "postgres://h/db?sslmode=verify-ca" });
  const { connection } = config;
  if (connection.kind === "embedded") throw new Error("Expected a server connection.");
  for (const part of [config, connection, connection.hosts, connection.hosts[0], connection.tls]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

it("tells all problems at once", async () => {
  const sandbox = createSandbox();
  const error = await sandbox.failure({
    url: "host=h,i,j port=1,2 sslmode=on channel_binding=require bogus=1 connect_timeout=soon",
    env: { PGREQUIREPEER: "postgres" },
  });
  expect(error.message).toBe("The configuration has 6 problems.");
  for (const name of [
    "bogus",
    "sslmode",
    "channel_binding",
    "connect_timeout",
    "port",
    "requirepeer",
  ]) {
    expect(error.detail).toContain(`"${name}"`);
  }
});

describe("the home folder", () => {
  it("is never the current folder, even when HOME is empty", async () => {
    const { loadConfig } = await import("../../../src/config/load.ts");
    const sandbox = createSandbox();
    sandbox.write("project/.pgpass", "*:*:*:*:planted\n");
    const { config } = await loadConfig({
      flags: { url: "postgres://h/db" },
      env: {},
      cwd: realpathSync(sandbox.project),
      home: "",
      user: "u",
    });
    expect(config.connection).toMatchObject({ password: undefined });
  });
});
