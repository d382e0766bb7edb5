import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createProject } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";

/** A folder with a file and a folder to complete, the scripts, and what reads them without the user's own settings. */
let folder: string;

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

beforeAll(async () => {
  folder = await createProject({ "backfills/lower.sql": "select 1" });
  for (const shell of shells) {
    const { stdout, exitCode } = await runCli(["completion", shell], { cwd: folder });
    expect(exitCode).toBe(0);
    await writeFile(join(folder, `_doramaflix-db.${shell}`), stdout);
  }
  mkdirSync(join(folder, "home"));
});

/** How each shell is asked what it would offer, a word in a line. */
const programs: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    "--norc",
    "--noprofile",
    "-c",
    `source ./_doramaflix-db.bash
     line=$1
     read -ra COMP_WORDS <<<"\${line//=/ = }"
     [[ $line == *' ' ]] && COMP_WORDS+=('')
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
     _doramaflix_db
     printf '%s\\n' "\${COMPREPLY[@]}"`,
    "bash",
  ],
  // Outside of its editor zsh has no completion: what the script hands to it is printed instead.
  zsh: [
    "-f",
    "-c",
    `compdef() { }
     source ./_doramaflix-db.zsh
     compset() { current=\${current#*=} }
     compadd() { shift; print -rl -- "\${(@M)@:#$current*}" }
     _describe() { print -rl -- "\${(@M)\${(@)found%%:*}:#$current*}" }
     _files() { print -rl -- $current*(N\${1:+/}) }
     _message() { }
     words=(\${(z)1})
     [[ $1 == *' ' ]] && words+=('')
     CURRENT=$#words
     current=$words[CURRENT]
     _doramaflix-db`,
    "zsh",
  ],
  fish: [
    "--no-config",
    "-c",
    'source ./_doramaflix-db.fish; complete -C "$argv[1]" | string replace -r "\\t.*" ""',
  ],
};

function offered(shell: Shell, line: string): string[] {
  const { stdout, stderr, error } = spawnSync(shell, [...programs[shell], line], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: join(folder, "home"),
      TERM: "xterm",
      LC_ALL: "C.UTF-8",
    },
    timeout: 20_000,
  });
  if (error !== undefined) throw error;
  expect(stderr).toBe("");
  return stdout
    .split("\n")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .toSorted();
}

describe.each(shells)("%s", (shell) => {
  test.skipIf(isMissing(shell)).each([
    ["part", ["partitions"]],
    ["partitions cr", ["create"]],
    ["partitions ", ["convert", "create", "doctor", "plan", "retire", "status"]],
    ["migrate --lo", ["--lock-retries", "--lock-timeout"]],
    ["check --format ", ["github", "gitlab", "json", "junit", "markdown", "sarif", "text"]],
    ["check --format=s", ["sarif"]],
    ["--project views partitions re", ["retire"]],
    ["--url=postgres://h/status schedule on", ["once"]],
    ["schedule once snap", ["snapshot"]],
    ["server u", ["url"]],
    ["completion ", ["bash", "fish", "zsh"]],
    ["health --no-such-option blocked --js", ["--json"]],
    ["backfill backfills/lo", ["backfills/lower.sql"]],
    ["import goose --from back", ["backfills"]],
    ["partitions retire --parent ", []],
  ])("doramaflix-db %s", (line, expected) => {
    const words = offered(shell, `doramaflix-db ${line}`).map((word) => word.replace(/\/$/, ""));
    const whole = shell === "fish" ? words.map((word) => word.replace(/^--\w+=/, "")) : words;
    expect(whole).toEqual(expected);
  });

  test.skipIf(isMissing(shell))("reads the script without a complaint", () => {
    const { status, stderr } = spawnSync(shell, ["-n", `_doramaflix-db.${shell}`], {
      cwd: folder,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
});

test("refuses a shell that it does not know", async () => {
  const { exitCode, stderr } = await runCli(["completion", "bahs"]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean "bash"?')]);
});
