import { toSettings, type ParsedText } from "./parameter-pairs.ts";

type Pair = readonly [name: string, value: string];

const scheme = /^postgres(?:ql)?:\/\//;

/** An address in brackets or a name, then perhaps a port; sticky, because addresses follow each other. */
const address = /(?:\[(?<bracketed>[^\]]+)\]|(?!\[)(?<name>[^:/?,]*))(?::(?<port>[^/?,]*))?/y;

/** Returns whether the text starts as a PostgreSQL URI does. */
export function isUri(text: string): boolean {
  return scheme.test(text);
}

/**
 * Takes a postgres:// URI apart by libpq's rules (conninfo_uri_parse_options in fe-connect.c).
 * No problem repeats anything that may be a piece of a password which was not percent-encoded.
 */
export function parseUri(text: string, source: string): ParsedText {
  const body = text.replace(scheme, "");
  const credentials = /^[^@/]*@/.exec(body)?.[0] ?? "";
  const rest = body.slice(credentials.length);
  const faults: Fault[] = [];
  // libpq would take this as a host or database with "@" in its name, and so show it in messages.
  if (rest.split("?", 1)[0]?.includes("@")) faults.push("credentials");
  const pairs = [...readCredentials(credentials), ...readTarget(rest, faults)].map(
    ([name, value]) => jdbcSpelling([decode(name, faults), decode(value, faults)]),
  );
  if (faults[0] !== undefined) return malformed(source, faults[0]);
  return toSettings({ pairs, source, quotable: !rest.includes("@") });
}

const hints = {
  credentials:
    'Write it as "postgres://user:password@host:port/database", with "@", ":", "/", "?", "#" and "%" in names and passwords percent-encoded ("%40", "%3A", "%2F", "%3F", "%23", "%25").',
  bracket: 'Write an IPv6 address in brackets, as in "postgres://user@[::1]:5432/database".',
  percent:
    'Every "%" must start a percent-encoded UTF-8 byte other than zero; write "%25" for the sign itself.',
  port: 'A port is a number; if what follows ":" belongs to a password, percent-encode its "/", ":", "@" and "?".',
  query:
    'After "?" come parameters as "name=value", joined with "&"; percent-encode these three signs inside a value.',
} as const;

type Fault = keyof typeof hints;

function malformed(source: string, fault: Fault): ParsedText {
  const message = `The URL from "${source}" is malformed.`;
  return { settings: new Map(), problems: [{ message, hint: hints[fault] }] };
}

function readCredentials(credentials: string): Pair[] {
  const [, user = "", password = ""] = /^([^:@]*):?([^@]*)@$/.exec(credentials) ?? [];
  return present([
    ["user", user],
    ["password", password],
  ]);
}

/** Reads what follows the credentials: addresses, database and query. */
function readTarget(rest: string, faults: Fault[]): Pair[] {
  const { pairs, end } = readAddresses(rest, faults);
  const tail = /^(?:\/(?<database>[^?]*))?(?:\?(?<query>[^]*))?$/u.exec(rest.slice(end))?.groups;
  if (!tail) {
    faults.push("bracket");
    return [];
  }
  const database = present([["dbname", tail["database"] ?? ""]]);
  return [...pairs, ...database, ...readQuery(tail["query"] ?? "", faults)];
}

function readAddresses(rest: string, faults: Fault[]): { pairs: Pair[]; end: number } {
  const hosts: string[] = [];
  const ports: string[] = [];
  let end = -1;
  do {
    address.lastIndex = end + 1;
    const match = address.exec(rest);
    if (!match) {
      faults.push("bracket");
      return { pairs: [], end: rest.length };
    }
    const { bracketed, name = "", port = "" } = match.groups ?? {};
    if (!/^\d*$/.test(decode(port, faults))) faults.push("port");
    hosts.push(bracketed ?? name);
    ports.push(port);
    end = address.lastIndex;
  } while (rest[end] === ",");
  const pairs = present([
    ["host", hosts.join(",")],
    ["port", ports.join(",")],
  ]);
  return { pairs, end };
}

/** libpq does not store a part that is empty, so that the environment may still fill it. */
function present(pairs: readonly Pair[]): Pair[] {
  return pairs.filter(([, value]) => value !== "");
}

function readQuery(query: string, faults: Fault[]): Pair[] {
  if (query === "") return [];
  const parts = query.replace(/&$/, "").split("&");
  return parts.map((part) => {
    const [name = "", value = "", ...more] = part.split("=");
    if (!part.includes("=") || more.length > 0) faults.push("query");
    return [name, value];
  });
}

/** Turns `ssl=true`, which libpq takes from JDBC's URLs, into libpq's own words. */
function jdbcSpelling([name, value]: Pair): Pair {
  return name === "ssl" && value === "true" ? ["sslmode", "require"] : [name, value];
}

function decode(text: string, faults: Fault[]): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // The error says no more than that the encoding is wrong, which the fault says too.
  }
  faults.push("percent");
  return "";
}
