import type { Problem } from "./problems.ts";

const prefix = "DORAMAFLIX_DB_VARIABLE_";

/** True for what a variable may be called; the case of a name in the environment makes no difference. */
export function isVariableName(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/.test(name);
}

/** Returns the values for the placeholders of SQL files: those of the environment before those of the config file. */
export function readVariables(
  fromFile: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  problems: Problem[],
): Record<string, string> {
  const variables = { ...fromFile };
  for (const [key, value] of Object.entries(env)) {
    if (!key.startsWith(prefix) || value === undefined) continue;
    const name = key.slice(prefix.length).toLowerCase();
    if (isVariableName(name)) variables[name] = value;
    else {
      problems.push({
        message: `"${name}" in the name of the variable "${key}" is no name.`,
        hint: `Use letters, digits and "_", such as ${prefix}OWNER.`,
      });
    }
  }
  return variables;
}
