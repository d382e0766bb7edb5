import { parseConnectionText } from "./connection-text.ts";
import { isUri } from "./connection-uri.ts";
import { isSecret, type Settings } from "./parameters.ts";
import type { Config, ServerConnection } from "./schema.ts";

const mask = "***";

/** A server connection as it may be shown: plain data, without password, key and passphrase. */
export interface PrintableConnection extends Omit<ServerConnection, "password" | "tls"> {
  readonly password: typeof mask | undefined;
  /** libpq's name for what is done: "require" when nobody checks the certificate. */
  readonly tls: "disable" | "prefer" | "require" | "verify-ca" | "verify-full";
  readonly clientCertificate: boolean;
}

/** Returns the connection in a form that may be printed. */
export function redactConnection(
  connection: Config["connection"],
): PrintableConnection | { readonly kind: "embedded" } {
  if (connection.kind === "embedded") return connection;
  const { tls } = connection;
  return {
    ...connection,
    password: connection.password === undefined ? undefined : mask,
    tls: tlsName(tls),
    clientCertificate: typeof tls === "object" && tls.cert !== undefined,
  };
}

function tlsName(tls: ServerConnection["tls"]): PrintableConnection["tls"] {
  if (tls === false) return "disable";
  if (tls === "prefer") return "prefer";
  if (tls.rejectUnauthorized === false) return "require";
  return tls.checkServerIdentity === undefined ? "verify-full" : "verify-ca";
}

/**
 * Returns a URL or keyword string with each secret replaced by "***". Of a text that cannot be taken
 * apart nothing is kept, because a password may be anywhere in it.
 */
export function redactUrl(text: string): string {
  const { settings, problems } = parseConnectionText(text, "");
  if (problems.length > 0) return mask;
  return isUri(text.trim()) ? redactUri(text.trim()) : redactKeywords(settings);
}

/** Works on the text itself, because one parameter may be given twice, with the earlier value hidden by the later. */
function redactUri(text: string): string {
  const [, credentials = "", rest = ""] = /^(\w+:\/\/(?:[^@/]*@)?)([^]*)$/.exec(text) ?? [];
  const queryStart = rest.indexOf("?") + 1;
  const target = queryStart === 0 ? rest : rest.slice(0, queryStart);
  const query = queryStart === 0 ? "" : rest.slice(queryStart);
  const shown = query.split("&").map((part) => {
    const name = part.split("=", 1)[0] ?? "";
    return isSecret(decodeURIComponent(name)) ? `${name}=${mask}` : part;
  });
  return credentials.replace(/^(\w+:\/\/[^:@]*):.*@$/s, `$1:${mask}@`) + target + shown.join("&");
}

function redactKeywords(settings: Settings): string {
  return [...settings]
    .map(([name, { value }]) => `${name}=${isSecret(name) ? mask : quote(value)}`)
    .join(" ");
}

function quote(value: string): string {
  if (/^[^\s'\\]+$/.test(value)) return value;
  return `'${value.replace(/['\\]/g, String.raw`\$&`)}'`;
}

/**
 * Returns a text of any kind with the secrets masked that can be told: those of connection URLs and keyword strings, and
 * all other URLs but for their scheme, because a webhook's address is its secret.
 */
export function redactText(text: string): string {
  return text
    .replaceAll(/\b(?<scheme>\w+):\/\/\S+/g, (url, scheme: string) =>
      isUri(url) ? redactUrl(url) : `${scheme}://${mask}`,
    )
    .replaceAll(
      /\b(?<name>\w*pass(?:word|phrase)|pwd)\s*=\s*(?:'(?:[^'\\]|\\.)*'|\S+)/gi,
      `$1=${mask}`,
    );
}
