import { statSync, type Stats } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { Findings } from "./problems.ts";
import { isAbsence, readTextFile, systemCode } from "./text-file.ts";
import type { TlsRequest } from "./tls-request.ts";

/** Returns the client certificate with its key, by libpq's rules for sslcert and sslkey; none when there is none. */
export function clientCertificate({ settings, path }: TlsRequest, findings: Findings): TlsOptions {
  const file = path("sslcert", "postgresql.crt");
  const before = findings.problems.length;
  const cert = readTextFile(file, findings.problems);
  if (cert === undefined) {
    const given = settings.get("sslcert");
    // Not an error, as in libpq: a path that leads nowhere is how people leave out the default one.
    if (given?.value && findings.problems.length === before) {
      findings.warnings.push(
        `No client certificate is sent: the file "${file}" from "${given.source}" does not exist.`,
      );
    }
    return {};
  }
  const keyFile = path("sslkey", "postgresql.key");
  if (!isPrivate(keyFile, findings)) return {};
  const key = readTextFile(keyFile, findings.problems);
  const passphrase = settings.get("sslpassword")?.value;
  return {
    cert,
    ...(key === undefined ? {} : { key }),
    ...(passphrase ? { passphrase } : {}),
  };
}

function isPrivate(keyFile: string, { problems }: Findings): boolean {
  const problem = keyProblem(keyFile);
  if (problem === undefined) return true;
  problems.push({
    message: `The private key file "${keyFile}" ${problem}`,
    hint: `Give the key of the client certificate with "sslkey", and run: chmod 0600 "${keyFile}"`,
  });
  return false;
}

function keyProblem(keyFile: string): string | undefined {
  try {
    const status = statSync(keyFile);
    if (!status.isFile()) return "is not a plain file.";
    return isTooOpen(status) ? "can be read by others." : undefined;
  } catch (error) {
    return isAbsence(error)
      ? "does not exist, though the client certificate does."
      : `cannot be read (${systemCode(error)}).`;
  }
}

/** libpq's rule: 0600 or less for one's own file, 0640 or less for one of root's. */
function isTooOpen({ mode, uid }: Stats): boolean {
  return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0;
}
