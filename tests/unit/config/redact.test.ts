import { describe, expect, it } from "vitest";
import { redactConnection, redactText, redactUrl } from "../../../src/config/redact.ts";
import { certificate, key } from "./certificates.ts";
import { createSandbox, wording } from "./sandbox.ts";

describe("redactUrl", () => {
  it.each([
    ["postgres://u@h:1/d?sslmode=require", "postgres://u@h:1/d?sslmode=require"],
    ["postgres://u:p@h:1/d", "postgres://u:***@h:1/d"],
    ["postgres://:p@h", "postgres://:***@h"],
    ["postgres://u:a:b?c@h/d?user=x@y", "postgres://u:***@h/d?user=x@y"],
    ["postgres://h/d?password=p&user=u", "postgres://h/d?password=***&user=u"],
    ["postgres://h/d?pass%77ord=p", "postgres://h/d?pass%77ord=***"],
    ["postgres://u:p@h/d?password=", "postgres://u:***@h/d?password=***"],
    ["postgres://u?a=b:p@h/d?sslpassword=p", "postgres://u?a=b:***@h/d?sslpassword=***"],
    ["host=h password=p dbname='my db'", "host=h password=*** dbname='my db'"],
    ["password=p password=''", "password=***"],
    ["user='o\\'k' host=''", "user='o\\'k' host=''"],
    ["postgres://u:p@h@i/d", "***"],
    ["password=my secret", "***"],
    ["mysql://u:p@h", "***"],
    ["p", "***"],
  ])("%s", (text, expected) => {
    expect(redactUrl(text)).toBe(expected);
  });
});

describe("no piece of a password is ever shown", () => {
  const sandbox = createSandbox();
  const signs = Array.from("@:/?#&=%+,;[] '\"\\$!").concat([
    "%zz",
    "%00",
    "://",
    "&x=",
    "?x=",
    "/x?y=",
  ]);
  const shapes: readonly ((password: string) => string)[] = [
    (password) => `postgres://u:${password}@h/d`,
    (password) => `postgres://u:${password}@h:1,i:2/d?sslmode=require`,
    (password) => `postgres://u:${password}@/d?host=/tmp&bogus=1`,
    (password) => `postgres://u:${password}/d`,
    (password) => `postgres://h/d?user=u&password=${password}`,
    (password) => `postgres://h/d?password=${password}&sslmode=bogus`,
    (password) => `postgre://u:${password}@h/d`,
    (password) => `postgres:/u:${password}@h/d`,
    (password) => `host=h password=${password} sslmode=bogus`,
    (password) => `host=h password='${password}' port=x`,
    (password) => `host=h password='${password}`,
  ];
  const texts = shapes
    .flatMap((shape) => signs.map((sign) => shape(`topPart${sign}endPart`)))
    // Nothing tells that this is not the password "topPart" for the host "endPart".
    .filter((text) => text !== "postgres://u:topPart@endPart/d");

  it.each(texts)("%s", async (url) => {
    expect(redactUrl(url)).not.toMatch(/topPart|endPart/);
    const outcome = await sandbox.load({ url }).then(
      ({ config, warnings }) => JSON.stringify([redactConnection(config.connection), warnings]),
      async () => wording(await sandbox.failure({ url })),
    );
    expect(outcome).not.toMatch(/topPart|endPart/);
  });
});

describe("redactConnection", () => {
  it("leaves the embedded server as it is", () => {
    expect(redactConnection({ kind: "embedded" })).toEqual({ kind: "embedded" });
  });

  it.each(["disable", "prefer", "require", "verify-ca", "verify-full"])(
    "shows what sslmode %s does, and no secret",
    async (mode) => {
      const sandbox = createSandbox();
      if (mode.startsWith("verify")) sandbox.write("home/.postgresql/root.crt", certificate);
      sandbox.write("home/.postgresql/postgresql.crt", certificate);
      sandbox.write("home/.postgresql/postgresql.key", key);
      const url = `host=h user=u password=s3cret sslpassword=s3cret sslmode=${mode}`;
      const shown = redactConnection(await sandbox.connection({ url }));
      expect(shown).toMatchObject({
        hosts: [{ host: "h", port: 5432 }],
        user: "u",
        password: "***",
        tls: mode,
        clientCertificate: !["disable", "prefer"].includes(mode),
      });
      expect(JSON.stringify(shown)).not.toMatch(/s3cret|PRIVATE/);
    },
  );

  it("shows that there is no password", async () => {
    const connection = await createSandbox().connection({ url: "host=h" });
    expect(redactConnection(connection)).toMatchObject({ password: undefined });
  });
});

describe("redactText", () => {
  it.each([
    ["nothing to hide: 3 rows of a.b", "nothing to hide: 3 rows of a.b"],
    [
      "could not connect to postgres://u:p@h/d now",
      "could not connect to postgres://u:***@h/d now",
    ],
    ["to postgresql://u:p'\"x@h/d.", "to postgresql://u:***@h/d."],
    ["POST https://hooks.slack.com/services/T/B/X: 404", "POST https://*** 404"],
    ["host=h user=u password=p dbname=d", "host=h user=u password=*** dbname=d"],
    ["sslpassword = 'a \\' b' and PASSWORD=x", "sslpassword=*** and PASSWORD=***"],
  ])("%s", (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });
});
