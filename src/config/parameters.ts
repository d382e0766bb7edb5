/** The value of one connection parameter and where it came from, as the user knows it. */
export interface Setting {
  readonly value: string;
  readonly source: string;
}

/** Connection parameters by libpq's names for them. */
export type Settings = ReadonlyMap<string, Setting>;

/**
 * Every connection parameter of libpq 18 with its environment variable, "" where it has none.
 * A parameter that is not in this list is an error wherever it is met.
 */
const variables: Readonly<Record<string, string>> = {
  application_name: "PGAPPNAME",
  channel_binding: "PGCHANNELBINDING",
  client_encoding: "PGCLIENTENCODING",
  connect_timeout: "PGCONNECT_TIMEOUT",
  dbname: "PGDATABASE",
  fallback_application_name: "",
  gssdelegation: "PGGSSDELEGATION",
  gssencmode: "PGGSSENCMODE",
  gsslib: "PGGSSLIB",
  host: "PGHOST",
  hostaddr: "PGHOSTADDR",
  keepalives: "",
  keepalives_count: "",
  keepalives_idle: "",
  keepalives_interval: "",
  krbsrvname: "PGKRBSRVNAME",
  load_balance_hosts: "PGLOADBALANCEHOSTS",
  max_protocol_version: "PGMAXPROTOCOLVERSION",
  min_protocol_version: "PGMINPROTOCOLVERSION",
  oauth_client_id: "",
  oauth_client_secret: "",
  oauth_issuer: "",
  oauth_scope: "",
  options: "PGOPTIONS",
  passfile: "PGPASSFILE",
  password: "PGPASSWORD",
  port: "PGPORT",
  replication: "",
  require_auth: "PGREQUIREAUTH",
  requirepeer: "PGREQUIREPEER",
  scram_client_key: "",
  scram_server_key: "",
  service: "PGSERVICE",
  servicefile: "PGSERVICEFILE",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  sslcert: "PGSSLCERT",
  sslcertmode: "PGSSLCERTMODE",
  sslcompression: "PGSSLCOMPRESSION",
  sslcrl: "PGSSLCRL",
  sslcrldir: "PGSSLCRLDIR",
  sslkey: "PGSSLKEY",
  sslkeylogfile: "",
  sslmode: "PGSSLMODE",
  sslnegotiation: "PGSSLNEGOTIATION",
  sslpassword: "",
  sslrootcert: "PGSSLROOTCERT",
  sslsni: "PGSSLSNI",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  tcp_user_timeout: "",
  user: "PGUSER",
};

const secretParameters = new Set([
  "oauth_client_secret",
  "password",
  "scram_client_key",
  "scram_server_key",
  "sslpassword",
]);

export const parameterNames: readonly string[] = Object.keys(variables);

/** Returns whether libpq has a parameter of this name. */
export function isParameter(name: string): boolean {
  return Object.hasOwn(variables, name);
}

/** Returns whether the parameter's value must never be shown. */
export function isSecret(name: string): boolean {
  return secretParameters.has(name);
}

/** Returns the parameters that the PG* variables set; an empty variable counts as not set. */
export function environmentSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const settings = new Map<string, Setting>();
  // The old name for sslmode=require; leaving it out would silently give up the encryption it asks for.
  if (env["PGREQUIRESSL"] === "1") {
    settings.set("sslmode", { value: "require", source: "PGREQUIRESSL" });
  }
  for (const [name, variable] of Object.entries(variables)) {
    const value = env[variable];
    if (value) settings.set(name, { value, source: variable });
  }
  return settings;
}
