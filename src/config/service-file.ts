import { join, resolve } from "node:path";
import type { ConfigInputs } from "./inputs.ts";
import { isParameter, parameterNames, type Setting, type Settings } from "./parameters.ts";
import type { Findings } from "./problems.ts";
import { suggest } from "./suggest.ts";
import { readTextFile } from "./text-file.ts";

/** Returns the parameters of the service that the settings name, from the first file that has it; none when they name no service. */
export function serviceSettings(
  settings: Settings,
  inputs: ConfigInputs,
  findings: Findings,
): Settings {
  const service = settings.get("service");
  if (service === undefined) return new Map();
  const before = findings.problems.length;
  const searched = serviceFiles(settings, inputs);
  for (const file of searched) {
    const text = readTextFile(file, findings.problems);
    const lines = text === undefined ? undefined : findService(text, service.value);
    if (lines !== undefined) return readLines(lines, { file, service: service.value }, findings);
  }
  if (findings.problems.length === before) {
    findings.problems.push({
      message: `The service "${service.value}" from "${service.source}" is not defined.`,
      hint: `Add a section "[${service.value}]" to one of these files, or correct the name: ${searched.map((file) => `"${file}"`).join(", ")}.`,
    });
  }
  return new Map();
}

function serviceFiles(settings: Settings, { env, cwd, home }: ConfigInputs): string[] {
  const given = settings.get("servicefile")?.value;
  const own = given ? resolve(cwd, given) : join(home, ".pg_service.conf");
  // libpq knows a system folder from its build even without PGSYSCONFDIR; this tool has no such build.
  const system = env["PGSYSCONFDIR"];
  return system ? [own, resolve(cwd, system, "pg_service.conf")] : [own];
}

interface ServiceLine {
  readonly text: string;
  readonly number: number;
}

/** Returns the lines between `[service]` and the next section, or undefined when there is no such section. */
function findService(text: string, service: string): ServiceLine[] | undefined {
  const lines = text
    .split("\n")
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter((line) => line.text !== "" && !line.text.startsWith("#"));
  // As in libpq, what follows the closing bracket does not matter.
  const start = lines.findIndex((line) => line.text.startsWith(`[${service}]`));
  if (start === -1) return undefined;
  const section = lines.slice(start + 1);
  const end = section.findIndex((line) => line.text.startsWith("["));
  return end === -1 ? section : section.slice(0, end);
}

function readLines(
  lines: readonly ServiceLine[],
  { file, service }: { file: string; service: string },
  { problems }: Findings,
): Settings {
  const settings = new Map<string, Setting>();
  const source = `service "${service}" in ${file}`;
  for (const { text, number } of lines) {
    const separator = text.indexOf("=");
    const name = text.slice(0, Math.max(separator, 0));
    if (name === "service" || !isParameter(name)) {
      problems.push({
        message: `Line ${number} of the service file "${file}" is not a connection parameter.`,
        hint: lineHint(name),
      });
    } else if (!settings.has(name)) {
      // As in libpq, the first of two lines for one parameter counts.
      settings.set(name, { value: text.slice(separator + 1), source });
    }
  }
  return settings;
}

function lineHint(name: string): string {
  if (name === "service") return "A service cannot refer to another one; copy its parameters.";
  return `Write "name=value", with no blanks round "=", and a name that PostgreSQL knows.${suggest(name, parameterNames)}`;
}
