import { resolve } from "node:path";
import { resolveConnection } from "./connection.ts";
import { configFileName, readConfigFile } from "./config-file.ts";
import { readExpectations } from "./expectations.ts";
import type { ConfigInputs } from "./inputs.ts";
import { refuse, type Findings } from "./problems.ts";
import { findProject } from "./project.ts";
import type { Config } from "./schema.ts";
import { chooseSource, type ConnectionSource } from "./source.ts";
import { isConnectionText, type GivenTarget, type Target } from "./targets.ts";
import { checkTls } from "./tls-check.ts";
import { readVariables } from "./variables.ts";
import { readWebhookUrl } from "./webhook.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** Sentences for the user, about things that were left out on purpose. */
  readonly warnings: readonly string[];
}

/**
 * Returns the configuration, deeply frozen: flags before environment before config file before
 * defaults. Reads files and nothing else of the machine; throws CliError only.
 */
export async function loadConfig(given: ConfigInputs): Promise<LoadedConfig> {
  const { inputs, project, source, variables: fromFile, schedule } = await findSource(given);
  const findings: Findings = { problems: [], warnings: [] };
  const expected = readExpectations(inputs, findings.problems);
  const variables = readVariables(fromFile, inputs.env, findings.problems);
  const connection: Config["connection"] =
    source === undefined ? { kind: "embedded" } : resolveConnection(source, inputs, findings);
  refuse(findings.problems);
  if (connection.kind === "server") refuse(await checkTls(connection.tls));
  const webhook = readWebhookUrl(schedule?.notify?.webhook, { env: inputs.env, project });
  return {
    config: deepFreeze({ project, connection, expected, variables, schedule, webhook }),
    warnings: findings.warnings,
  };
}

/**
 * Returns the configuration of each of several databases: where a text is only a name, that of loadConfig with another
 * database. Reports the problems of all of them at once.
 */
export async function loadTargets(
  texts: readonly GivenTarget[],
  given: ConfigInputs,
): Promise<{ readonly targets: readonly Target[]; readonly warnings: readonly string[] }> {
  const { inputs, project, source, variables: fromFile } = await findSource(given);
  const findings: Findings = { problems: [], warnings: [] };
  const shared = {
    project,
    expected: readExpectations(inputs, findings.problems),
    variables: readVariables(fromFile, inputs.env, findings.problems),
  };
  const targets = texts.map((target) => {
    const { text } = target;
    if (target.isName !== true && isConnectionText(text)) {
      const connection = resolveConnection({ name: target.source, text }, inputs, findings);
      const hosts = connection.hosts.map(({ host, port }) => `${host}:${port}`).join(",");
      return { name: `${connection.database} at ${hosts}`, config: { ...shared, connection } };
    }
    const connection: Config["connection"] =
      source === undefined
        ? { kind: "embedded", database: text }
        : resolveConnection(withDatabase(source, target), inputs, findings);
    return { name: text, config: { ...shared, connection } };
  });
  refuse(findings.problems);
  for (const { config } of targets) {
    deepFreeze(config);
    if (config.connection.kind === "server") refuse(await checkTls(config.connection.tls));
  }
  return { targets, warnings: [...new Set(findings.warnings)] };
}

function withDatabase(
  configured: ConnectionSource,
  { text: database, source }: GivenTarget,
): ConnectionSource {
  return { ...configured, name: `${configured.name}, the database from ${source}`, database };
}

async function findSource(given: ConfigInputs): Promise<{
  readonly inputs: ConfigInputs;
  readonly project: string;
  readonly source: ConnectionSource | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly schedule: Config["schedule"];
}> {
  // HOME may be set to nothing; ".pgpass" must not be looked for in the current folder then.
  const inputs = { ...given, home: resolve("/", given.home) };
  const project = findProject(inputs);
  const { url, variables = {}, schedule } = await readConfigFile(project);
  const fromFile = url === undefined ? undefined : { name: configFileName, url };
  return { inputs, project, source: chooseSource(inputs, fromFile), variables, schedule };
}

function deepFreeze(config: Config): Config {
  const waiting: unknown[] = [config];
  for (const value of waiting) {
    if (typeof value !== "object" || value === null) continue;
    Object.freeze(value);
    waiting.push(...Object.values(value));
  }
  return config;
}
