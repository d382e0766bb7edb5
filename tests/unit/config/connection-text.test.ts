import { describe, expect, it } from "vitest";
import { parseConnectionText } from "../../../src/config/connection-text.ts";
import { createSandbox, wording } from "./sandbox.ts";

function parse(text: string): Record<string, string> | string {
  const { settings, problems } = parseConnectionText(text, "--url");
  if (problems.length > 0) return problems.map((problem) => problem.message).join("\n");
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}

// Compared with libpq 15 and 18 (PQconninfoParse) over random texts too: beyond what is refused here
// on purpose, they differ only in blanks at the end of a URI, which libpq 15 keeps.
describe("a URI", () => {
  it.each<[string, Record<string, string>]>([
    ["postgres://", {}],
    ["postgresql://h", { host: "h" }],
    ["postgres://u:p@h:1/d", { user: "u", password: "p", host: "h", port: "1", dbname: "d" }],
    ["postgres://u@/d", { user: "u", dbname: "d" }],
    ["postgres://u:@h", { user: "u", host: "h" }],
    ["postgres://u:a:b@h", { user: "u", password: "a:b", host: "h" }],
    [
      "postgres://%75:%40%3A%2F%25%C3%A9@%68/%64",
      { user: "u", password: "@:/%é", host: "h", dbname: "d" },
    ],
    ["postgres://h1:1,h2:2,h3/d", { host: "h1,h2,h3", port: "1,2,", dbname: "d" }],
    ["postgres://[::1]:1,[2001:db8::1]/d", { host: "::1,2001:db8::1", port: "1,", dbname: "d" }],
    ["postgres://%2Fvar%2Frun/d", { host: "/var/run", dbname: "d" }],
    ["postgres:///d?host=/var/run&port=1", { host: "/var/run", port: "1", dbname: "d" }],
    ["postgres://h/d?host=i&user=a%26b&", { host: "i", user: "a&b", dbname: "d" }],
    ["postgres://h/?user=me@example.com", { host: "h", user: "me@example.com" }],
    ["postgres://h/d?ssl=true", { host: "h", dbname: "d", sslmode: "require" }],
    ["postgres://u+v:p+q@h", { user: "u+v", password: "p+q", host: "h" }],
    [" postgres://h/d\n", { host: "h", dbname: "d" }],
  ])("%s", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each([
    ["an unencoded @ in the password", "postgres://u:p@ss@h/d"],
    ["an unencoded / in the password", "postgres://u:pa/ss@h/d"],
    ["a port that is no number", "postgres://u:pass/d"],
    ["a lone percent sign", "postgres://u:p%@h/d"],
    ["a wrong percent encoding", "postgres://u:p%zz@h/d"],
    ["an encoded zero byte", "postgres://u:p%00@h/d"],
    ["a percent encoding that is not UTF-8", "postgres://u:p%ff@h/d"],
    ["a bracket left open", "postgres://[::1/d"],
    ["empty brackets", "postgres://[]/d"],
    ["text after a bracket", "postgres://[::1]x/d"],
    ["a parameter without a value", "postgres://h/d?host"],
    ["a parameter with two values", "postgres://h/d?host=a=b"],
    ["an empty parameter", "postgres://h/d?host=a&&port=1"],
  ])("with %s is malformed", (_, text) => {
    expect(parse(text)).toBe('The URL from "--url" is malformed.');
  });
});

describe("a keyword string", () => {
  it.each<[string, Record<string, string>]>([
    ["host=h dbname=d", { host: "h", dbname: "d" }],
    ["  host = h\n\tport= 1 ", { host: "h", port: "1" }],
    ["dbname='my db' user=u", { dbname: "my db", user: "u" }],
    ["password='a\\'b\\\\c' user=a\\ b", { password: "a'b\\c", user: "a b" }],
    ["host='' port=1", { host: "", port: "1" }],
    ["host=a'b", { host: "a'b" }],
    ["host='a'port=1", { host: "a", port: "1" }],
    ["host=a host=b", { host: "b" }],
    ["password=p@://=?", { password: "p@://=?" }],
    ["password=p\\", { password: "p" }],
    ["user=u\\ ", { user: "u " }],
  ])("%s", (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it.each(["host='a", "host=a b", "dbname=d password=my secret", "host='a\\'"])(
    "%s is malformed",
    (text) => {
      expect(parse(text)).toBe('The connection string from "--url" is malformed.');
    },
  );
});

describe("other texts", () => {
  it.each(["mydb", "mysql://u:p@h/d?x=y", "postgres:u:p=x", "POSTGRES://h", "=", ""])(
    "%s",
    (text) => {
      expect(parse(text)).toEqual(expect.stringMatching(/neither|unknown/));
    },
  );

  it.each([
    ["postgres://h/d?schema=public", '"schema" from "--url" is unknown'],
    ["postgres://h/d?sslmod=x", '"sslmod" from "--url" is unknown'],
    ["host=h dbnam=x", '"dbnam" from "--url" is unknown'],
  ])("an unknown parameter is named: %s", (text, expected) => {
    expect(parse(text)).toContain(expected);
  });

  it("suggests the parameter that was meant", () => {
    const { problems } = parseConnectionText("host=h dbnam=x", "--url");
    expect(problems[0]?.hint).toContain('Did you mean "dbname"?');
  });
});

describe("several hosts", () => {
  const sandbox = createSandbox();

  it.each<[string, [string, number][]]>([
    [
      "postgres://h1:1,h2:2",
      [
        ["h1", 1],
        ["h2", 2],
      ],
    ],
    [
      "postgres://h1,h2:2",
      [
        ["h1", 5432],
        ["h2", 2],
      ],
    ],
    [
      "host=h1,h2 port=7",
      [
        ["h1", 7],
        ["h2", 7],
      ],
    ],
    [
      "host=h1,,h3 port=1,,3",
      [
        ["h1", 1],
        ["localhost", 5432],
        ["h3", 3],
      ],
    ],
    [
      "host=/run/a,[b]",
      [
        ["/run/a", 5432],
        ["[b]", 5432],
      ],
    ],
    [
      "host=h1,h2 hostaddr=10.0.0.1,::1",
      [
        ["10.0.0.1", 5432],
        ["::1", 5432],
      ],
    ],
    [
      "host=h1,h2 hostaddr=10.0.0.1,",
      [
        ["10.0.0.1", 5432],
        ["h2", 5432],
      ],
    ],
    ["host=h port=' 12 '", [["h", 12]]],
  ])("%s", async (url, expected) => {
    const { hosts } = await sandbox.connection({ url });
    expect(hosts.map(({ host, port }) => [host, port])).toEqual(expected);
  });

  it.each([
    ["host=a,b,c port=1,2", '3 hosts but 2 "port" values'],
    ["host=a,b hostaddr=10.0.0.1", '2 "host" but 1 "hostaddr" values'],
    ["host=a port=0", "not a number from 1 to 65535"],
    ["host=a port=65536", "not a number from 1 to 65535"],
    ["host=a port=x", "not a number from 1 to 65535"],
    ["hostaddr=example.com", '"hostaddr" from "--url" is not an IP address'],
    ["host=@abstract", 'has an "@"'],
  ])("%s is refused", async (url, expected) => {
    expect(wording(await sandbox.failure({ url }))).toContain(expected);
  });
});
