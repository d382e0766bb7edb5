import { resolve } from "node:path";
import { resolveConnection } from "./connection.ts";
import { configFileName, readConfigFile } from "./config-file.ts";
import type { ConfigInputs } from "./inputs.ts";
import { refuse, type Findings } from "./problems.ts";
import { findProject } from "./project.ts";
import type { Config } from "./schema.ts";
import { chooseSource } from "./source.ts";
import { checkTls } from "./tls-check.ts";

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
  const { url } = await readConfigFile(project);
  const fromFile = url === undefined ? undefined : { name: configFileName, url };
  const source = chooseSource(inputs, fromFile);
  if (source === undefined) {
    return { config: deepFreeze({ project, connection: { kind: "embedded" } }), warnings: [] };
  }
  const findings: Findings = { problems: [], warnings: [] };
  const connection = resolveConnection(source, inputs, findings);
  refuse(findings.problems);
  refuse(await checkTls(connection.tls));
  return { config: deepFreeze({ project, connection }), warnings: findings.warnings };
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
