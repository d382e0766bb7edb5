import { resolve } from "node:path";
import { resolveConnection } from "./connection.ts";
import { configFileName, readConfigFile } from "./config-file.ts";
import { readExpectations } from "./expectations.ts";
import type { ConfigInputs } from "./inputs.ts";
import { refuse, type Findings } from "./problems.ts";
import { findProject } from "./project.ts";
import type { Config } from "./schema.ts";
import { chooseSource } from "./source.ts";
import { checkTls } from "./tls-check.ts";
import { readVariables } from "./variables.ts";

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
  // HOME may be set to nothing; ".pgpass" must not be looked for in the current folder then.
  const inputs = { ...given, home: resolve("/", given.home) };
  const project = findProject(inputs);
  const { url, variables: fromFile = {} } = await readConfigFile(project);
  const urlFromFile = url === undefined ? undefined : { name: configFileName, url };
  const source = chooseSource(inputs, urlFromFile);
  const findings: Findings = { problems: [], warnings: [] };
  const expected = readExpectations(inputs, findings.problems);
  const variables = readVariables(fromFile, inputs.env, findings.problems);
  const connection: Config["connection"] =
    source === undefined ? { kind: "embedded" } : resolveConnection(source, inputs, findings);
  refuse(findings.problems);
  if (connection.kind === "server") refuse(await checkTls(connection.tls));
  return {
    config: deepFreeze({ project, connection, expected, variables }),
    warnings: findings.warnings,
  };
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
