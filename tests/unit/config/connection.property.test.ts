import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseConnectionText } from "../../../src/config/connection-text.ts";
import { redactConnection, redactUrl } from "../../../src/config/redact.ts";
import { suggest } from "../../../src/config/suggest.ts";
import { parameterNames } from "../../../src/config/parameters.ts";
import { createSandbox, wording } from "./sandbox.ts";

const sandbox = createSandbox();

/** Any text that a server could hold, with signs that mean something in a connection string more often. */
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...Array.from("@:/?#&=%+,;[] '\"\\$!"),
        "%zz",
        "%00",
        "://",
        "&x=",
        "?x=",
        "\n",
        "\t",
        "\v",
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));

const filled = value.filter((text) => text !== "");

/** Recognisable at both ends, so that a text can be searched for the smallest piece of it. */
function password(middle: string): string {
  return `topPart${middle}endPart`;
}

const pieces = /topPart|endPart/;

function uri(user: string, secret: string, database: string): string {
  const [name, word, db] = [user, secret, database].map(encodeURIComponent);
  return `postgres://${name}:${word}@h:1/${db}?application_name=${name}`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

function keywords(user: string, secret: string, database: string): string {
  return `user=${quote(user)} password = ${quote(secret)} dbname=${quote(database)} host=h port=1`;
}

function settingsOf(text: string): Record<string, string> {
  const { settings, problems } = parseConnectionText(text, "--url");
  expect(problems).toEqual([]);
  return Object.fromEntries([...settings].map(([name, setting]) => [name, setting.value]));
}

test.for([
  ["a URI", uri],
  ["a keyword string", keywords],
] as const)("user, password and database come out of %s as they went in", ([, write]) => {
  fc.assert(
    fc.property(filled, filled, filled, (user, secret, dbname) => {
      const settings = settingsOf(write(user, secret, dbname));
      expect(settings).toMatchObject({ user, password: secret, dbname, host: "h", port: "1" });
    }),
  );
});

test.for([
  ["a URI", uri],
  ["a keyword string", keywords],
] as const)("redacted, %s has no password and is otherwise the same", ([, write]) => {
  fc.assert(
    fc.property(filled, value, filled, (user, middle, database) => {
      const given = write(user, password(middle), database);
      const shown = redactUrl(given);
      expect(shown).not.toMatch(pieces);
      expect(settingsOf(shown)).toEqual({ ...settingsOf(given), password: "***" });
    }),
  );
});

/** Where a password may stand that nobody has encoded. An "@" or "=" in it may rightly end it. */
const shapes: readonly ((secret: string) => string)[] = [
  (secret) => `postgres://u:${secret}@h/d`,
  (secret) => `postgres://u:${secret}@h:1,i:2/d?sslmode=require`,
  (secret) => `postgres://u:${secret}@/d?host=/tmp&bogus=1`,
  (secret) => `postgres://h/d?user=u&password=${secret}`,
  (secret) => `postgre://u:${secret}@h/d`,
  (secret) => `host=h password=${secret} sslmode=bogus`,
  (secret) => `host=h password='${secret}' port=x`,
  (secret) => `host=h password='${secret}`,
];

test("no piece of a password that was not encoded is shown, whatever becomes of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...shapes),
      value.map((middle) => middle.replaceAll(/[@=]/g, "")),
      async (shape, middle) => {
        const url = shape(password(middle));
        expect(redactUrl(url)).not.toMatch(pieces);
        const shown = await sandbox.load({ url }).then(
          ({ config, warnings }) => JSON.stringify([redactConnection(config.connection), warnings]),
          async () => wording(await sandbox.failure({ url })),
        );
        expect(shown).not.toMatch(pieces);
      },
    ),
    { numRuns: 200 },
  );
});

function escaped(text: string): string {
  return text.replaceAll(/[\\:#*]/g, String.raw`\$&`);
}

test("the password file gives the password of the line that is written for the session", async () => {
  const inFile = filled.filter((text) => !/[\n\r,@]/.test(text) && !text.startsWith("/"));
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(inFile, inFile),
      inFile,
      fc.boolean(),
      async ([user, database], secret, first) => {
        const lines = [
          `other:*:*:*:wrong`,
          `h:2:*:*:wrong`,
          `h:*:${escaped(`${database}x`)}:*:wrong`,
          `h:*:${escaped(database)}:${escaped(user)}:${escaped(secret)}`,
          "*:*:*:*:wrong",
        ];
        sandbox.write("home/.pgpass", `${(first ? lines.slice(3) : lines).join("\n")}\n`);
        const url = `postgres://${encodeURIComponent(user)}@h:1/${encodeURIComponent(database)}`;
        expect(await sandbox.connection({ url })).toMatchObject({ password: secret });
      },
    ),
  );
});

test("a slip of one letter is answered with the name that was meant, or one as near", () => {
  const slip = fc
    .constantFrom(...parameterNames.filter((name) => name.length > 4))
    .chain((name) =>
      fc.tuple(fc.constant(name), fc.nat(name.length - 1), fc.constantFrom("", "x", "_")),
    );
  fc.assert(
    fc.property(slip, ([name, place, letter]) => {
      const word = name.slice(0, place) + letter + name.slice(place + 1);
      expect(suggest(word, [name])).toBe(` Did you mean "${name}"?`);
      expect(suggest(word, parameterNames)).toMatch(/^ Did you mean "\w+"\?$/);
    }),
  );
});
