import { parseConnectionText } from "./connection-text.ts";
import { resolveEndpoints, type Endpoint } from "./endpoints.ts";
import type { ConfigInputs } from "./inputs.ts";
import { environmentSettings, type Settings } from "./parameters.ts";
import { findPassword, passwordFile } from "./password-file.ts";
import type { Findings, Problem } from "./problems.ts";
import type { ServerConnection } from "./schema.ts";
import { serviceSettings } from "./service-file.ts";
import type { ConnectionSource } from "./source.ts";
import { sessionAttributes, valueProblems } from "./supported-values.ts";
import { resolveTls } from "./tls.ts";

/**
 * Returns the connection that a source describes, with what it leaves out filled as libpq fills it:
 * from the service file, then the PG* variables, then the defaults.
 */
export function resolveConnection(
  source: ConnectionSource,
  inputs: ConfigInputs,
  findings: Findings,
): ServerConnection {
  const settings = collectSettings(source, inputs, findings);
  findings.problems.push(...valueProblems(settings));
  const text = (name: string): string | undefined => settings.get(name)?.value || undefined;
  const endpoints = resolveEndpoints(settings, findings.problems);
  const user = text("user") ?? inputs.user;
  const database = text("dbname") ?? user;
  return {
    kind: "server",
    source: source.name,
    hosts: endpoints.map(({ host, port }: Endpoint) => ({ host, port })),
    database,
    user,
    password:
      text("password") ??
      findPassword(passwordFile(settings, inputs), { endpoints, database, user }, findings),
    tls: resolveTls({ settings, endpoints }, inputs, findings),
    connectTimeout: readTimeout(settings, findings.problems),
    options: text("options"),
    targetSessionAttributes:
      sessionAttributes.find((known) => known === text("target_session_attrs")) ?? "any",
  };
}

/** Returns the parameters from all places; the later place in the list wins. */
function collectSettings(
  source: ConnectionSource,
  inputs: ConfigInputs,
  findings: Findings,
): Settings {
  const environment = environmentSettings(inputs.env);
  const explicit =
    source.text === undefined
      ? { settings: new Map<never, never>(), problems: [] }
      : parseConnectionText(source.text, source.name);
  findings.problems.push(...explicit.problems);
  const given = new Map([...environment, ...explicit.settings]);
  const service = serviceSettings(given, inputs, findings);
  const settings = new Map([...environment, ...service, ...explicit.settings]);
  if (source.database !== undefined) {
    settings.set("dbname", { value: source.database, source: source.name });
  }
  return settings;
}

/** libpq waits for ever by default; a run in a pipeline or at night is to end, and to say why. */
const defaultTimeout = 15;

function readTimeout(settings: Settings, problems: Problem[]): number {
  const setting = settings.get("connect_timeout");
  if (!setting?.value.trim()) return defaultTimeout;
  if (/^\s*[-+]?\d{1,9}\s*$/.test(setting.value)) return Math.max(Number(setting.value), 0);
  problems.push({
    message: `The connection parameter "connect_timeout" from "${setting.source}" is not a whole number.`,
    hint: "Give seconds, or 0 to wait for ever.",
  });
  return 0;
}
