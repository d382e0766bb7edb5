import { describe, expect, it } from "vitest";
import { certificate, encryptedKey, key, revocationList } from "./certificates.ts";
import { createSandbox, wording } from "./sandbox.ts";

describe("without any certificate", () => {
  const sandbox = createSandbox();

  it.each([
    ["host=h", "prefer"],
    ["host=h sslmode=disable", false],
    ["host=h sslmode=allow", "prefer"],
    ["host=h sslmode=prefer", "prefer"],
    ["host=h sslmode=require", { rejectUnauthorized: false }],
    ["host=/run/x sslmode=verify-full", false],
    ["host=/run/x,/run/y", false],
    ["host=/run/x,h sslmode=require", { rejectUnauthorized: false }],
    ["host=h sslrootcert=system", { rejectUnauthorized: true }],
    ["host=h sslrootcert=system sslmode=verify-full", { rejectUnauthorized: true }],
    [
      "host=h sslmode=require ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.3",
      { rejectUnauthorized: false, minVersion: "TLSv1.3", maxVersion: "TLSv1.3" },
    ],
  ])("%s", async (url, expected) => {
    expect((await sandbox.connection({ url })).tls).toEqual(expected);
  });

  it("PGREQUIRESSL asks for TLS, and PGSSLMODE overrules it", async () => {
    const env = { PGREQUIRESSL: "1" };
    expect((await sandbox.connection({ url: "host=h", env })).tls).toEqual({
      rejectUnauthorized: false,
    });
    const both = { ...env, PGSSLMODE: "disable" };
    expect((await sandbox.connection({ url: "host=h", env: both })).tls).toBe(false);
  });

  it.each(["verify-ca", "verify-full"])("%s names the file that it misses", async (mode) => {
    const standard = await sandbox.failure({ url: `host=h sslmode=${mode}` });
    expect(standard.message).toContain(`"${sandbox.home}/.postgresql/root.crt"`);
    const given = await sandbox.failure({ url: `host=h sslmode=${mode} sslrootcert=/no/ca` });
    expect(given.message).toContain('"/no/ca"');
  });

  it.each(["disable", "prefer", "require", "verify-ca"])(
    "%s is too weak for all public authorities",
    async (mode) => {
      const error = await sandbox.failure({ url: `host=h sslrootcert=system sslmode=${mode}` });
      expect(wording(error)).toContain("verify-full");
    },
  );

  it.each([
    ["sslmode=require sslrootcert=/no/ca", ["sslrootcert"]],
    ["sslmode=require sslcrl=/no/crl", ["sslcrl"]],
    ["sslmode=require sslcert=/no/cert", ["/no/cert"]],
    ["sslrootcert=/no/ca sslcert=x sslkey=y", ["sslrootcert", "sslcert", "sslkey"]],
    ["sslmode=disable sslrootcert=/no/ca", []],
  ])("%s is warned about", async (parameters, expected) => {
    const { warnings } = await sandbox.load({ url: `host=h ${parameters}` });
    expect(warnings).toEqual(expected.map((word) => expect.stringContaining(word)));
  });
});

describe("with a root certificate", () => {
  const sandbox = createSandbox();
  sandbox.write("home/.postgresql/root.crt", certificate);
  const other = sandbox.write("project/other.crt", `${certificate}other`);

  it.each(["require", "verify-ca"])("%s checks the certificate but not the name", async (mode) => {
    expect((await sandbox.connection({ url: `host=h sslmode=${mode}` })).tls).toEqual({
      rejectUnauthorized: true,
      ca: certificate,
      checkServerIdentity: expect.any(Function) as unknown,
    });
  });

  it("verify-full leaves the check of the name to Node", async () => {
    expect((await sandbox.connection({ url: "host=h sslmode=verify-full" })).tls).toEqual({
      rejectUnauthorized: true,
      ca: certificate,
    });
  });

  it.each([other, "other.crt"])("sslrootcert=%s takes its place", async (file) => {
    const url = `host=h sslmode=verify-full sslrootcert=${file}`;
    expect((await sandbox.connection({ url })).tls).toMatchObject({ ca: `${certificate}other` });
  });

  it.each([
    ["host=10.0.0.1", { host: "10.0.0.1" }],
    ["host=h hostaddr=10.0.0.1", { host: "h", servername: "h" }],
    ["host=h1,h2", {}],
    ["host=/run/x,h", {}],
  ])("verify-full compares the right name: %s", async (url, expected) => {
    expect((await sandbox.connection({ url: `${url} sslmode=verify-full` })).tls).toEqual({
      rejectUnauthorized: true,
      ca: certificate,
      ...expected,
    });
  });

  it.each(["hostaddr=10.0.0.1", "host=10.0.0.1,h", "host=a,b hostaddr=10.0.0.1,10.0.0.2"])(
    "verify-full refuses what it cannot compare: %s",
    async (url) => {
      const error = await sandbox.failure({ url: `${url} sslmode=verify-full` });
      expect(error.message).toContain("verify-full");
    },
  );

  it("a file without a certificate is refused", async () => {
    const file = sandbox.write("empty.crt", "");
    const error = await sandbox.failure({ url: `host=h sslmode=verify-ca sslrootcert=${file}` });
    expect(error.message).toContain(file);
  });

  it("a folder is refused", async () => {
    const error = await sandbox.failure({
      url: `host=h sslmode=require sslrootcert=${sandbox.home}`,
    });
    expect(error.message).toContain("EISDIR");
  });

  it("takes a revocation list, and refuses one that is missing or none", async () => {
    const url = "host=h sslmode=verify-full";
    const crl = sandbox.write("crl.pem", revocationList);
    const { tls } = await sandbox.connection({ url: `${url} sslcrl=${crl}` });
    expect(tls).toMatchObject({ crl: revocationList });
    expect((await sandbox.failure({ url: `${url} sslcrl=/no/crl` })).message).toContain("/no/crl");
    const wrong = sandbox.write("wrong.pem", "no list");
    const error = await sandbox.failure({ url: `${url} sslcrl=${wrong}` });
    expect(wording(error)).toContain("sslcrl");
  });
});

describe("the client certificate", () => {
  const url = "host=h sslmode=require";

  it("is taken from the home folder", async () => {
    const sandbox = createSandbox();
    sandbox.write("home/.postgresql/postgresql.crt", certificate, 0o644);
    sandbox.write("home/.postgresql/postgresql.key", key);
    const { tls } = await sandbox.connection({ url });
    expect(tls).toEqual({ rejectUnauthorized: false, cert: certificate, key });
  });

  it("is taken from the parameters", async () => {
    const sandbox = createSandbox();
    const cert = sandbox.write("c", certificate);
    const PGSSLKEY = sandbox.write("k", encryptedKey);
    const { tls } = await sandbox.connection({
      url: `${url} sslcert=${cert} sslpassword=pass`,
      env: { PGSSLKEY },
    });
    expect(tls).toMatchObject({ cert: certificate, key: encryptedKey, passphrase: "pass" });
  });

  it("needs its key", async () => {
    const sandbox = createSandbox();
    sandbox.write("home/.postgresql/postgresql.crt", certificate);
    const error = await sandbox.failure({ url });
    expect(error.message).toContain("postgresql.key");
    expect(error.message).toContain("does not exist");
  });

  it("refuses a key that others can read", async () => {
    const sandbox = createSandbox();
    sandbox.write("home/.postgresql/postgresql.crt", certificate);
    const keyFile = sandbox.write("home/.postgresql/postgresql.key", key, 0o644);
    const error = await sandbox.failure({ url });
    expect(error.message).toBe(`The private key file "${keyFile}" can be read by others.`);
    expect(error.hint).toContain("chmod 0600");
  });

  it.each([
    ["a wrong passphrase", encryptedKey, "sslpassword=wr0ng"],
    ["no passphrase", encryptedKey, ""],
    ["no key at all", "no key", ""],
  ])("refuses a key with %s", async (_, text, parameter) => {
    const sandbox = createSandbox();
    sandbox.write("home/.postgresql/postgresql.crt", certificate);
    sandbox.write("home/.postgresql/postgresql.key", text);
    const error = await sandbox.failure({ url: `${url} ${parameter}` });
    expect(error.code).toBe("CONFIG_INVALID");
    expect(wording(error)).not.toContain("wr0ng");
  });
});
