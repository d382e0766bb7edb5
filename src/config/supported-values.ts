import type { Setting, Settings } from "./parameters.ts";
import type { Problem } from "./problems.ts";

interface ValueRule {
  readonly allowed: readonly string[];
  /** Why libpq's other values are refused; absent when libpq has no others. */
  readonly because?: string;
  readonly ignoreCase?: true;
}

export const sslModes = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
] as const;
export type SslMode = (typeof sslModes)[number];

export const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
export const sessionAttributes = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const;

/**
 * The parameters of which only some values can be honoured. A promise about security or about the
 * server that cannot be kept must end the run; leaving it out would weaken what the user asked for.
 */
const rules: Readonly<Record<string, ValueRule>> = {
  channel_binding: {
    allowed: ["disable", "prefer"],
    because: "Channel binding is not supported.",
  },
  client_encoding: {
    allowed: ["", "UTF8", "UTF-8", "UNICODE", "AUTO"],
    because: "All files and all output are in UTF-8.",
    ignoreCase: true,
  },
  gssencmode: {
    allowed: ["disable", "prefer"],
    because: "GSSAPI encryption is not supported; TLS is.",
  },
  gssdelegation: { allowed: ["0"], because: "GSSAPI is not supported." },
  load_balance_hosts: {
    allowed: ["disable"],
    because: "Hosts are tried in the order in which they are written.",
  },
  min_protocol_version: {
    allowed: ["3.0"],
    because: "Version 3.0 of the protocol is used.",
  },
  replication: {
    allowed: ["", "0", "false", "off", "no"],
    because: "Migrations need an ordinary connection.",
    ignoreCase: true,
  },
  ssl_max_protocol_version: { allowed: tlsVersions },
  ssl_min_protocol_version: { allowed: tlsVersions },
  sslcertmode: {
    allowed: ["allow"],
    because: "A client certificate is sent when there is one and the server asks for it.",
  },
  sslmode: { allowed: sslModes },
  sslnegotiation: {
    allowed: ["postgres"],
    because: "Direct TLS negotiation is not supported.",
  },
  sslsni: { allowed: ["1"], because: "The server's name is always sent." },
  target_session_attrs: { allowed: sessionAttributes },
};

/** The parameters that are refused whatever their value, and the reason. */
const refused: Readonly<Record<string, string>> = {
  oauth_client_id: "OAuth is not supported.",
  oauth_client_secret: "OAuth is not supported.",
  oauth_issuer: "OAuth is not supported.",
  oauth_scope: "OAuth is not supported.",
  require_auth: "The ways to authenticate cannot be restricted from this side.",
  requirepeer: "The owner of a Unix-domain socket cannot be checked.",
  scram_client_key: "Give the password instead.",
  scram_server_key: "Give the password instead.",
  sslcrldir: 'Put the revoked certificates into one file and give it with "sslcrl".',
  sslkeylogfile: "TLS keys are never written to a file.",
};

// The rest is accepted and has no effect, on purpose. application_name and its fallback: the tool
// names itself, which is how its sessions are recognised. keepalives*, tcp_user_timeout: how fast a
// dead peer is noticed. sslcompression: libpq ignores it too. krbsrvname, gsslib: details of GSSAPI,
// which is not used. max_protocol_version: no limit lies below the version that is used.

/** Returns a problem for each parameter whose value cannot be honoured. */
export function valueProblems(settings: Settings): Problem[] {
  return [...settings].flatMap(([name, setting]) => valueProblem(name, setting) ?? []);
}

function valueProblem(name: string, { value, source }: Setting): Problem | undefined {
  const reason = refused[name];
  if (reason !== undefined && value !== "") {
    return {
      message: `The connection parameter "${name}" from "${source}" is not supported.`,
      hint: `Remove it. ${reason}`,
    };
  }
  const rule = rules[name];
  if (rule === undefined || isAllowed(rule, value)) return undefined;
  const choices = rule.allowed.filter((choice) => choice !== "").map((choice) => `"${choice}"`);
  return {
    message: `The connection parameter "${name}" from "${source}" cannot be "${value}".`,
    hint: `Allowed: ${choices.join(", ")}.${rule.because === undefined ? "" : ` ${rule.because}`}`,
  };
}

function isAllowed({ allowed, ignoreCase }: ValueRule, value: string): boolean {
  if (!ignoreCase) return allowed.includes(value);
  return allowed.some((choice) => choice.toLowerCase() === value.toLowerCase());
}
