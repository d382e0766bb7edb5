import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { Findings } from "./problems.ts";
import { readTextFile } from "./text-file.ts";
import type { TlsRequest } from "./tls-request.ts";

/** Returns how the server's certificate is checked, by the rules of libpq's sslmode and sslrootcert. */
export function rootCertificate(request: TlsRequest, findings: Findings): TlsOptions {
  const { settings, mode, path } = request;
  // Without `ca`, Node trusts the authorities that it is built with.
  if (settings.get("sslrootcert")?.value === "system") return { rejectUnauthorized: true };
  const file = path("sslrootcert", "root.crt");
  const before = findings.problems.length;
  const ca = readTextFile(file, findings.problems);
  if (ca === undefined) {
    if (findings.problems.length === before) reportMissing(file, request, findings);
    return { rejectUnauthorized: mode !== "require" };
  }
  // Node would take an empty text for no `ca` at all, and trust every public authority.
  if (!ca.includes("CERTIFICATE-----")) {
    findings.problems.push({
      message: `The root certificate file "${file}" has no certificate in it.`,
      hint: 'Put a certificate in PEM form there ("-----BEGIN CERTIFICATE-----").',
    });
  }
  const options = { rejectUnauthorized: true, ca, ...revocationList(request, findings) };
  // As in libpq, "require" with a root certificate at hand is the same as "verify-ca".
  return mode === "verify-full" ? options : { ...options, checkServerIdentity: anyName };
}

/** The whole of the difference between verify-ca and verify-full. */
function anyName(): undefined {
  return undefined;
}

function reportMissing(file: string, { settings, mode }: TlsRequest, findings: Findings): void {
  if (mode !== "require") {
    findings.problems.push({
      message: `The root certificate file "${file}", which sslmode "${mode}" needs, does not exist.`,
      hint: 'Give the file with "sslrootcert", or trust the public authorities with sslrootcert "system" and sslmode "verify-full".',
    });
    return;
  }
  for (const name of ["sslrootcert", "sslcrl"]) {
    const setting = settings.get(name);
    if (!setting?.value) continue;
    findings.warnings.push(
      `The server's certificate is not checked, in spite of "${name}" from "${setting.source}": the root certificate file "${file}" does not exist.`,
    );
  }
}

function revocationList({ settings, path }: TlsRequest, findings: Findings): TlsOptions {
  const file = path("sslcrl", "root.crl");
  const before = findings.problems.length;
  const crl = readTextFile(file, findings.problems);
  if (crl !== undefined) return { crl };
  // libpq ignores a missing file even when it was asked for; revoked certificates would pass.
  if (settings.get("sslcrl")?.value && findings.problems.length === before) {
    findings.problems.push({
      message: `The certificate revocation list "${file}" does not exist.`,
      hint: 'Correct "sslcrl", or remove it.',
    });
  }
  return {};
}
