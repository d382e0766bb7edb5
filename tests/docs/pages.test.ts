import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { parseStatements, loadSqlParser } from "../../src/core/sql-parser.ts";
import { serverStatus, stopServer } from "../../src/server/server.ts";
import { filesBelow, textOf } from "../architecture/files.ts";
import { createDatabase } from "../support/database.ts";
import { createProject } from "../support/project.ts";

/**
 * A block that begins with ```sh is run, one that begins with ```console shows what a command prints. All blocks of a
 * page are one shell session, in a copy of the project folder and with a database of its own in DATABASE_URL. The first
 * command that fails ends it. A block whose first line is the comment "# not run: REASON" is left out.
 */
const pages = filesBelow(".").filter(
  (path) => (path === "README.md" || path.startsWith("docs/")) && path.endsWith(".md"),
);

const hasPsql = spawnSync("psql", ["--version"]).status === 0;

test.each(pages.filter((page) => shellLines(page).some((line) => line !== "")))(
  `%s runs${hasPsql ? "" : ", without its blocks with psql, which is not installed"}`,
  async (page) => {
    const { url } = await createDatabase();
    const project = await createProject({});
    // git keeps no empty folder, so one may be missing.
    for (const path of filesBelow(".").filter((each) => isOfProject(each))) {
      cpSync(join(packageRoot, path), join(project, path));
    }
    // A page may have started the embedded server of its project.
    onTestFinished(async () => {
      const { created, dataDirectory } = await serverStatus(project);
      await stopServer(project);
      if (created)
        rmSync(join(realpathSync(dataDirectory), ".."), { recursive: true, force: true });
    });
    // Each line stands where it stands in the page; the first line of a page is its title.
    const [, ...lines] = shellLines(page);
    const script = join(project, ".bin", "page.sh");
    const path = pathWithProgram(project);
    writeFileSync(script, [`trap 'echo "${page}:$LINENO failed" >&2' ERR`, ...lines].join("\n"));
    const result = spawnSync("bash", ["-eEuo", "pipefail", script], {
      cwd: project,
      env: { PATH: path, HOME: project, DATABASE_URL: url },
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });
    expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
  },
);

test.each(pages.filter((page) => blocks(page, "sql").length > 0))(
  "the SQL in %s can be parsed",
  async (page) => {
    await loadSqlParser();
    for (const block of blocks(page, "sql")) {
      expect(() => parseStatements(block), block).not.toThrow();
    }
  },
);

function isOfProject(path: string): boolean {
  return /^(migrations|functions|views|seeds)\//.test(path);
}

/** Returns the lines of the page that a shell is to run; all others are empty. */
function shellLines(page: string): string[] {
  const runnable = new Set(blocks(page, "sh").filter((block) => isRunnable(block)));
  return textOf(page)
    .replaceAll(/^```(\w*)\n([^]*?)^```$|^.*$/gm, (match, _language, body: string | undefined) => {
      const wanted = match.startsWith("```sh\n") && body !== undefined && runnable.has(body);
      return wanted ? `\n${body}` : match.replaceAll(/[^\n]/g, "");
    })
    .split("\n");
}

function isRunnable(block: string): boolean {
  return !/^# not run: ./.test(block) && (hasPsql || !/\bpsql\b/.test(block));
}

function blocks(page: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm");
  return [...textOf(page).matchAll(pattern)].map(([, body = ""]) => body);
}

/** Puts a program "doramaflix-db" first on the path, as an installation does. */
function pathWithProgram(project: string): string {
  const folder = join(project, ".bin");
  mkdirSync(folder);
  const program = join(folder, "doramaflix-db");
  writeFileSync(
    program,
    `#!/bin/sh\nexec "${process.execPath}" "${packageRoot}bin/doramaflix-db.js" "$@"\n`,
  );
  chmodSync(program, 0o755);
  return [folder, process.env["PATH"]].join(delimiter);
}
