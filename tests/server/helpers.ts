import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import { realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import ts from "typescript";
import { afterAll, onTestFinished } from "vitest";

import type { ServerConnection } from "../../src/config/schema.ts";
import { withSession } from "../../src/db/session.ts";
import { type Account, isRoot } from "../../src/server/account.ts";
import { locatePlace } from "../../src/server/place.ts";
import { findPostmaster } from "../../src/server/postmaster.ts";
import { stopServer, withEmbeddedServer } from "../../src/server/server.ts";
import { openSession } from "../../src/server/session.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const commandFile = fileURLToPath(new URL("./command.ts", import.meta.url));

/** The account that stands for an ordinary user when the tests run as root. */
export const ordinaryUser: Account = { uid: 65534, gid: 65534 };

export const runsAsRoot = isRoot();

interface ProjectOptions {
  readonly name?: string;
  readonly mode?: number;
  readonly owner?: Account;
}

/** Makes an empty project folder, and takes away whatever lies and runs there when the test has finished. */
export function makeProject({
  name = "project",
  mode = 0o755,
  owner,
}: ProjectOptions = {}): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-server-")));
  chmodSync(parent, 0o755);
  const project = join(parent, name);
  mkdirSync(project, { recursive: true, mode });
  if (owner !== undefined) {
    chownSync(parent, owner.uid, owner.gid);
    chownSync(project, owner.uid, owner.gid);
  }
  onTestFinished(async () => {
    await removeProject(project);
    rmSync(parent, { recursive: true, force: true });
  });
  return project;
}

let template: string | undefined;

/**
 * Returns a project whose server has been created and does not run; the tests of one file share it,
 * for creating a server takes 1.3 s.
 */
export async function borrowProject(): Promise<string> {
  const project = (template ??= await createTemplate());
  onTestFinished(async () => void (await stopServer(project)));
  return project;
}

/** Returns a project of its own with a created server, for tests that damage it. */
export async function copyProject(): Promise<string> {
  template ??= await createTemplate();
  const project = makeProject();
  const { folder } = locatePlace(project);
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync("cp", ["-a", locatePlace(template).folder, folder]);
  // Otherwise both would want the same port.
  rmSync(join(folder, "port"));
  return project;
}

async function createTemplate(): Promise<string> {
  const project = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-template-")));
  await withEmbeddedServer(project, () => Promise.resolve());
  return project;
}

afterAll(async () => {
  if (template === undefined) return;
  await removeProject(template);
  rmSync(template, { recursive: true });
});

async function removeProject(project: string): Promise<void> {
  const { dataDirectory, folder } = locatePlace(project);
  await killServer(dataDirectory);
  // Beside it may lie what a killed command left: its folder under a temporary name.
  for (const name of existsSync(dirname(folder)) ? readdirSync(dirname(folder)) : []) {
    if (name.startsWith(basename(folder))) rmSync(join(dirname(folder), name), { recursive: true });
  }
}

/** Ends the server at once, and waits until its lock file tells of nobody. */
async function killServer(dataDirectory: string): Promise<void> {
  const running = findPostmaster(dataDirectory);
  if (running === undefined) return;
  process.kill(running.pid, "SIGQUIT");
  await until(() => findPostmaster(dataDirectory) === undefined);
}

/** Looks every 10 ms until the condition holds, for at most 30 seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`Waited in vain until ${condition.toString()}.`);
    await sleep(10);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const compiled: string[] = [];

afterAll(() => {
  for (const folder of compiled) rmSync(folder, { recursive: true, force: true });
});

/**
 * Compiles command.ts and what it needs into a folder that every account can read, for Node 20
 * cannot run TypeScript. Removed when the test file has finished.
 */
export function compileCommand(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-compiled-")));
  compiled.push(folder);
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  for (const part of ["src/core", "src/config", "src/db", "src/server"]) {
    for (const name of readdirSync(join(repository, part))) {
      if (name.endsWith(".ts")) compileFile(join(repository, part, name), folder);
    }
  }
  return compileFile(commandFile, folder);
}

/** Compiles a file of the repository to the same place below the folder, and returns that. */
function compileFile(file: string, folder: string): string {
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  const target = join(folder, relative(repository, file).replace(/\.ts$/, ".js"));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
  return target;
}

/** A command in a process of its own. */
export interface Command {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** What it said so far: one JSON object a line. */
  readonly answers: readonly Answer[];
  /** Waits for its end and returns the last thing it said. */
  ended(): Promise<Answer>;
}

export type Answer = Readonly<Record<string, unknown>>;

interface CommandOptions {
  readonly program: string;
  readonly project: string;
  readonly account?: Account | undefined;
}

/** Starts one of the verbs of command.ts; it is killed if it still runs when the test has finished. */
export function startCommand(verb: string, { program, project, account }: CommandOptions): Command {
  const child = spawn(process.execPath, [program, verb, project], {
    ...account,
    cwd: "/",
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "close");
  const answers: Answer[] = [];
  createInterface(child.stdout).on("line", (line) => {
    answers.push(JSON.parse(line) as Answer);
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const ended = async (): Promise<Answer> => {
    await exited;
    return answers.at(-1) ?? {};
  };
  return { process: child, answers, ended };
}

/** Waits until a command that holds the server has it. */
export async function holding(command: Command): Promise<Answer> {
  await until(() => command.answers.length > 0 || command.process.exitCode !== null);
  const [answer] = command.answers;
  if (answer?.["kind"] !== "server") throw new Error(`No connection: ${JSON.stringify(answer)}`);
  return answer;
}

/** Runs one query on the server in a session of its own. */
export function query(connection: ServerConnection, text: string): Promise<readonly object[]> {
  return withSession(connection, {}, (database) => database.query(text));
}

/** Opens a session that is no command's, such as psql's, and returns the function that ends it. */
export async function connectClient(connection: ServerConnection): Promise<() => Promise<void>> {
  const session = await openSession(connection);
  await session.database.query("select 1");
  const disconnect = (): Promise<void> => session.close();
  onTestFinished(disconnect);
  return disconnect;
}
