import type { Problem } from "./problems.ts";
import type { ServerConnection } from "./schema.ts";

/**
 * Returns a problem when the certificates and keys that were read do not make a TLS context: not PEM,
 * a key of another certificate, a wrong passphrase. The driver would meet that in the middle of
 * connecting, where nothing catches it.
 */
export async function checkTls(tls: ServerConnection["tls"]): Promise<Problem[]> {
  if (typeof tls !== "object") return [];
  if ((tls.ca ?? tls.cert ?? tls.crl) === undefined) return [];
  const { createSecureContext } = await import("node:tls");
  try {
    createSecureContext(tls);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unknown error";
    return [
      {
        message: `The certificates for TLS cannot be used (${reason}).`,
        hint: 'Check the files of "sslrootcert", "sslcrl", "sslcert" and "sslkey", or of ~/.postgresql: each must be in PEM form, the key must belong to the certificate, and "sslpassword" must open the key.',
      },
    ];
  }
}
