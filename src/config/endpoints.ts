import { isIP } from "node:net";
import type { Settings } from "./parameters.ts";
import type { Problem } from "./problems.ts";
import type { HostAddress } from "./schema.ts";

/** One server to try: where to connect to, and the name it is known by, which differs when `hostaddr` is set. */
export interface Endpoint extends HostAddress {
  /** What `host` says; undefined when only `hostaddr` is given. */
  readonly name: string | undefined;
}

const defaultHost = "localhost";
const defaultPort = 5432;

/** Returns whether the host is the folder of a Unix-domain socket. */
export function isSocketFolder(host: string): boolean {
  return host.startsWith("/");
}

/** Returns the servers to try, in order, matching `host`, `hostaddr` and `port` one by one as libpq does. */
export function resolveEndpoints(settings: Settings, problems: Problem[]): Endpoint[] {
  const names = list(settings, "host");
  const addresses = list(settings, "hostaddr");
  const ports = list(settings, "port").map((port) => readPort(port, settings, problems));
  const count = Math.max(addresses.length || names.length, 1);
  if (addresses.length > 0 && names.length > 0 && addresses.length !== names.length) {
    problems.push(countProblem(`${names.length} "host"`, `${addresses.length} "hostaddr"`));
  }
  if (ports.length > 1 && ports.length !== count) {
    problems.push(countProblem(`${count} hosts`, `${ports.length} "port"`));
  }
  checkHosts(settings, { names, addresses }, problems);
  return Array.from({ length: count }, (_, index) => {
    const name = names[index] || undefined;
    const address = addresses[index] || undefined;
    return {
      host: address ?? name ?? defaultHost,
      name: name ?? (address === undefined ? defaultHost : undefined),
      port: (ports.length > 1 ? ports[index] : ports[0]) ?? defaultPort,
    };
  });
}

function list(settings: Settings, name: string): string[] {
  const value = settings.get(name)?.value;
  return value ? value.split(",") : [];
}

function countProblem(left: string, right: string): Problem {
  return {
    message: `The connection has ${left} but ${right} values.`,
    hint: 'Give as many of the one as of the other; a single "port" serves all hosts.',
  };
}

function checkHosts(
  settings: Settings,
  { names, addresses }: { names: readonly string[]; addresses: readonly string[] },
  problems: Problem[],
): void {
  if (names.some((name) => name.includes("@"))) {
    // Not repeated: it may be the end of a password that was not percent-encoded.
    problems.push({
      message: `A host name from "${settings.get("host")?.source}" has an "@" in it.`,
      hint: 'In a URL, write the "@" of a user name or password as "%40". Abstract Unix-domain sockets are not supported.',
    });
  }
  if (addresses.some((address) => address !== "" && isIP(address) === 0)) {
    problems.push({
      message: `A "hostaddr" from "${settings.get("hostaddr")?.source}" is not an IP address.`,
      hint: 'Put names into "host".',
    });
  }
}

function readPort(text: string, settings: Settings, problems: Problem[]): number {
  if (text.trim() === "") return defaultPort;
  const port = /^\s*\+?\d+\s*$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  problems.push({
    message: `A port from "${settings.get("port")?.source}" is not a number from 1 to 65535.`,
    hint: "PostgreSQL's usual port is 5432.",
  });
  return defaultPort;
}
