import { chmodSync, cpSync, lstatSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Account } from "../../src/server/account.ts";
import { locatePlace } from "../../src/server/place.ts";
import { findPostmaster } from "../../src/server/postmaster.ts";
import { serverStatus, startServer, withEmbeddedServer } from "../../src/server/server.ts";
import {
  borrowProject,
  compileCommand,
  holding,
  makeProject,
  ordinaryUser,
  query,
} from "./helpers.ts";
import { runsAsRoot, startCommand } from "./helpers.ts";

const program = compileCommand();
const account = runsAsRoot ? ordinaryUser : undefined;

function ownerOf(path: string): Account {
  const { uid, gid } = statSync(path);
  return { uid, gid };
}

/** Returns the user, the group and the supplementary groups of a process. */
function identityOf(pid: number): Record<"Uid" | "Gid" | "Groups", string> {
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  const field = (name: string): string =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? "";
  return { Uid: field("Uid"), Gid: field("Gid"), Groups: field("Groups") };
}

describe("the project folder", () => {
  test.for(["x y/드라마 é", "it's", 'a "quoted" $HOME `x` \\ name', "-D"])(
    "may be called %s",
    async (name) => {
      // As an ordinary user: only then the server's own files lie below that name.
      const project = makeProject({ name, owner: account ?? ownerOf("/proc/self") });
      const answer = await startCommand("use", { program, project, account }).ended();
      expect(answer).toMatchObject({ kind: "server" });
      expect(locatePlace(project).folder).toBe(join(project, ".doramaflix/server"));
      expect(await serverStatus(project)).toMatchObject({ created: true, running: false });
    },
  );

  test("may be one that only its owner can enter", async () => {
    const project = makeProject({ mode: 0o700 });
    chmodSync(dirname(project), 0o700);
    const rows = await withEmbeddedServer(project, (found) => query(found, "select 1 as one"));
    expect(rows).toEqual([{ one: 1 }]);
  });

  test("hides the server from git", async () => {
    const project = await borrowProject();
    await withEmbeddedServer(project, () => Promise.resolve());
    expect(readFileSync(join(project, ".doramaflix/.gitignore"), "utf8")).toBe("*\n");
  });

  test("reached through a symbolic link is the same project", async () => {
    const project = makeProject();
    const { pid } = await startServer(project);
    const link = `${project}-link`;
    symlinkSync(project, link);
    expect(await serverStatus(link)).toMatchObject({ pid });
  });
});

describe.runIf(runsAsRoot)("as root", () => {
  test("the server runs as an unprivileged account without root's groups", async () => {
    const project = await borrowProject();
    const { pid } = await startServer(project);
    const place = locatePlace(project);
    const { uid, gid } = place.account ?? { uid: 0, gid: 0 };
    expect(uid).toBeGreaterThan(0);
    expect(identityOf(pid ?? 0)).toEqual({
      Uid: Array(4).fill(uid).join("\t"),
      Gid: Array(4).fill(gid).join("\t"),
      Groups: "",
    });
    expect(ownerOf(place.dataDirectory)).toEqual({ uid, gid });
  });

  test("the project points to the server's folder, which names the project", async () => {
    const project = await borrowProject();
    await withEmbeddedServer(project, () => Promise.resolve());
    const { entry, folder } = locatePlace(project);
    expect(readlinkSync(entry)).toBe(folder);
    expect(readFileSync(join(folder, "project"), "utf8")).toBe(`${project}\n`);
    expect(ownerOf(folder)).toEqual({ uid: 0, gid: 0 });
  });

  test("a copied project gets a server of its own", async () => {
    const project = makeProject();
    await startServer(project);
    const copy = makeProject();
    rmSync(copy, { recursive: true });
    cpSync(project, copy, { recursive: true, verbatimSymlinks: true });
    expect(await serverStatus(copy)).toMatchObject({ created: false });
    await withEmbeddedServer(copy, () => Promise.resolve());
    expect(readlinkSync(locatePlace(copy).entry)).toBe(locatePlace(copy).folder);
  });

  test("an ordinary user's server goes on as that user", async () => {
    const project = makeProject({ owner: ordinaryUser });
    const first = startCommand("use", { program, project, account: ordinaryUser });
    await first.ended();
    const { pid } = await startServer(project);
    expect(identityOf(pid ?? 0).Uid).toBe(Array(4).fill(ordinaryUser.uid).join("\t"));
    const { keepFile, portFile } = locatePlace(project);
    const user = startCommand("stop", { program, project, account: ordinaryUser });
    expect(await user.ended()).toMatchObject({ wasRunning: true });
    const again = startCommand("use", { program, project, account: ordinaryUser });
    expect(await again.ended()).toMatchObject({ kind: "server" });
    expect(lstatSync(keepFile, { throwIfNoEntry: false })).toBeUndefined();
    expect(ownerOf(portFile)).toEqual(ordinaryUser);
  });

  test("a server folder that belongs to root is refused", async () => {
    const project = makeProject();
    mkdirSync(join(project, ".doramaflix/server"), { recursive: true });
    await expect(startServer(project)).rejects.toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      detail: expect.stringContaining("belongs to root"),
    });
  });
});

describe("as an ordinary user", () => {
  test("the server lies in the project and runs as that user", async () => {
    const project = makeProject({ owner: account ?? ownerOf("/proc/self"), mode: 0o700 });
    const command = startCommand("hold", { program, project, account });
    await holding(command);
    const folder = join(project, ".doramaflix/server");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "password")).mode & 0o777).toBe(0o600);
    const { pid } = findPostmaster(join(folder, "data")) ?? { pid: 0 };
    expect(ownerOf(`/proc/${pid}`)).toEqual(ownerOf(project));
    command.process.stdin.end();
    await command.ended();
    expect(findPostmaster(join(folder, "data"))).toBeUndefined();
  });

  test("commands at the same time create one server", async () => {
    const project = makeProject({ owner: account ?? ownerOf("/proc/self") });
    const commands = [1, 2, 3].map(() => startCommand("use", { program, project, account }));
    const answers = await Promise.all(commands.map((command) => command.ended()));
    expect(answers.map(({ kind, ...other }) => kind ?? other)).toEqual(Array(3).fill("server"));
    expect(locatePlace(project).folder).toBe(join(project, ".doramaflix/server"));
  });

  test("a project folder that cannot be written is named", async () => {
    const project = makeProject({ mode: 0o555 });
    const answer = await startCommand("start", { program, project, account }).ended();
    expect(answer).toMatchObject({
      code: "EMBEDDED_SERVER_FAILED",
      message: `The embedded server's folder "${project}/.doramaflix" could not be prepared.`,
      detail: expect.stringContaining("permission denied"),
      hint: expect.stringContaining("--url"),
    });
  });

  test.runIf(runsAsRoot)("root's server is refused", async () => {
    const project = makeProject();
    await startServer(project);
    for (const verb of ["use", "url", "stop"]) {
      const answer = await startCommand(verb, { program, project, account }).ended();
      expect(answer).toMatchObject({
        message: "The embedded server of this project belongs to another account.",
      });
    }
    expect(await serverStatus(project)).toMatchObject({ running: true });
  });
});
