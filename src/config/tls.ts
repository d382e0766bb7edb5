import { isIP } from "node:net";
import { join, resolve } from "node:path";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { clientCertificate } from "./client-certificate.ts";
import { isSocketFolder, type Endpoint } from "./endpoints.ts";
import type { ConfigInputs } from "./inputs.ts";
import type { Settings } from "./parameters.ts";
import type { Findings } from "./problems.ts";
import { rootCertificate } from "./root-certificate.ts";
import type { ServerConnection } from "./schema.ts";
import { sslModes, tlsVersions } from "./supported-values.ts";
import type { TlsRequest } from "./tls-request.ts";

/** Returns how TLS is used: `sslmode` and its companions with libpq's meaning. */
export function resolveTls(
  { settings, endpoints }: { settings: Settings; endpoints: readonly Endpoint[] },
  { cwd, home }: ConfigInputs,
  findings: Findings,
): ServerConnection["tls"] {
  const path = (parameter: string, fallback: string): string => {
    const given = settings.get(parameter)?.value;
    return given ? resolve(cwd, given) : join(home, ".postgresql", fallback);
  };
  const request: TlsRequest = { settings, mode: sslMode(settings), path };
  if (isWeakForSystem(request, findings)) return false;
  const remote = endpoints.filter((endpoint) => !isSocketFolder(endpoint.host));
  if (request.mode === "disable" || remote.length === 0) return false;
  if (request.mode === "allow" || request.mode === "prefer") {
    warnUnused(request, findings);
    // libpq's "allow" would rather have no TLS; a server that offers it gets it here.
    return "prefer";
  }
  return {
    ...rootCertificate(request, findings),
    ...serverIdentity(request, remote, findings),
    ...clientCertificate(request, findings),
    ...protocolVersions(settings),
  };
}

function sslMode(settings: Settings): TlsRequest["mode"] {
  const trustsSystem = settings.get("sslrootcert")?.value === "system";
  const given = settings.get("sslmode")?.value;
  // An unknown mode has been reported already and ends the run; it must not bring up further problems.
  if (given !== undefined) return sslModes.find((mode) => mode === given) ?? "disable";
  return trustsSystem ? "verify-full" : "prefer";
}

/** As in libpq: whoever trusts all public authorities must at least check whose certificate it is. */
function isWeakForSystem({ settings, mode }: TlsRequest, { problems }: Findings): boolean {
  if (settings.get("sslrootcert")?.value !== "system" || mode === "verify-full") return false;
  problems.push({
    message: `The sslmode "${mode}" from "${settings.get("sslmode")?.source}" is too weak for sslrootcert "system".`,
    hint: 'Use sslmode "verify-full".',
  });
  return true;
}

function warnUnused({ settings, mode }: TlsRequest, { warnings }: Findings): void {
  const companions = [
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
  ];
  for (const name of companions) {
    const setting = settings.get(name);
    if (!setting?.value) continue;
    warnings.push(
      `The connection parameter "${name}" from "${setting.source}" has no effect with sslmode "${mode}"; use "require", "verify-ca" or "verify-full".`,
    );
  }
}

/**
 * Returns the name to send to the server and to look for in its certificate, where that is not the
 * name that is connected to.
 */
function serverIdentity(
  { mode }: TlsRequest,
  endpoints: readonly Endpoint[],
  { problems }: Findings,
): TlsOptions {
  const unusual = endpoints.filter(({ name, host }) => name !== host || isIP(host) !== 0);
  if (unusual.length === 0) return {};
  const [only, another] = endpoints;
  if (only?.name !== undefined && another === undefined) {
    // "host" is what Node compares with the certificate: for an IP address it would take "localhost".
    // "servername" is sent to the server, and may not be an address.
    return isIP(only.name) === 0 ? { host: only.name, servername: only.name } : { host: only.name };
  }
  if (mode === "verify-full") {
    problems.push({
      message: 'The sslmode "verify-full" cannot be kept for this list of hosts.',
      hint: 'It needs a host name for each: give "host", not "hostaddr" or IP addresses, or a single host.',
    });
  }
  return {};
}

function protocolVersions(settings: Settings): TlsOptions {
  const version = (parameter: string) =>
    tlsVersions.find((known) => known === settings.get(parameter)?.value);
  const minVersion = version("ssl_min_protocol_version");
  const maxVersion = version("ssl_max_protocol_version");
  return {
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}
