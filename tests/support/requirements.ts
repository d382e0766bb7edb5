import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { debianFiles } from "./debian-server.ts";

/** Programs that tests need and npm does not install, by the names that TEST_REQUIRE knows. */
const requirements = {
  psql: () => findProgram("psql") !== undefined,
  pgbouncer: () => findProgram("pgbouncer") !== undefined,
  script: () => process.platform === "linux" && findProgram("script") !== undefined,
  bash: () => findProgram("bash") !== undefined,
  zsh: () => findProgram("zsh") !== undefined,
  fish: () => findProgram("fish") !== undefined,
  "systemd-analyze": () => findProgram("systemd-analyze") !== undefined,
  cron: () => ["cron", "crontab"].every((name) => findProgram(name) !== undefined) && mayMount(),
  chromium: () => findProgram("chromium") !== undefined,
  "debian-server": () => debianFiles.every((path) => existsSync(path)),
} as const;

/**
 * Says whether something that tests need is missing, so that they can be skipped, and prints that. Throws where
 * TEST_REQUIRE, a list with commas, says that it is there.
 */
export function isMissing(name: keyof typeof requirements): boolean {
  if (requirements[name]()) return false;
  const required = (process.env["TEST_REQUIRE"] ?? "").split(",");
  if (required.includes(name)) throw new Error(`TEST_REQUIRE names "${name}", and it is missing.`);
  process.stdout.write(`SKIPPED: tests that need ${name}, which is not installed here\n`);
  return true;
}

/** True for root, unless a container keeps it from having mounts of its own. */
function mayMount(): boolean {
  return spawnSync("unshare", ["--mount", "true"]).status === 0;
}

/** Finds a program on the path, or where Debian puts those that only root needs. */
export function findProgram(name: string): string | undefined {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
