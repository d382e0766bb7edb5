import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CliError } from "../../core/errors.ts";

/** A commit of the project's repository, from which files can be read. */
export interface Commit {
  /** As the user wrote it: "origin/main". */
  readonly name: string;
  readonly id: string;
}

/** The two commits that a branch is compared with. */
export interface Base {
  /** The newest commit of the base branch. */
  readonly tip: Commit;
  /** Where the branch left it; the tip itself in a clone that does not reach back so far. */
  readonly fork: Commit;
  readonly isShallow: boolean;
}

export interface Repository {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Runs git in the project's folder. The names of files come separated by NUL characters, as they are. */
async function git({ folder, signal }: Repository, args: readonly string[]): Promise<string> {
  const options = { cwd: folder, signal, maxBuffer: 256 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)("git", [...args], options);
  return stdout;
}

/** Returns where the project lies in its repository, as "db/" or ""; also "" where there is none. */
export async function folderInRepository(repository: Repository): Promise<string> {
  try {
    return (await git(repository, ["rev-parse", "--show-prefix"])).trimEnd();
  } catch {
    repository.signal.throwIfAborted();
    return "";
  }
}

/** Finds the base branch and where this one left it; throws BASE_UNUSABLE. */
export async function findBase(repository: Repository, name: string): Promise<Base> {
  try {
    const id = await git(repository, [
      "rev-parse",
      "--verify",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    const tip = { name, id: id.trim() };
    const fork = await forkOf(repository, tip.id);
    const isShallow = fork === undefined;
    return { tip, fork: isShallow ? tip : { name, id: fork }, isShallow };
  } catch (error) {
    repository.signal.throwIfAborted();
    throw unusable(name, error as GitError);
  }
}

/** Without a common commit the histories are cut off, or have nothing to do with each other. */
async function forkOf(repository: Repository, tip: string): Promise<string | undefined> {
  try {
    return (await git(repository, ["merge-base", tip, "HEAD"])).trim();
  } catch (error) {
    if ((error as GitError).code === 1) return undefined;
    throw error;
  }
}

interface GitError extends Error {
  readonly code?: string | number;
  readonly stderr?: string;
}

function unusable(name: string, { code, stderr, message }: GitError): CliError {
  const said = stderr?.trim() ?? "";
  return new CliError("BASE_UNUSABLE", {
    message: `The files cannot be compared with "${name}".`,
    detail: code === "ENOENT" ? "There is no program git." : said === "" ? message : said,
    hint: said.includes("not a git repository")
      ? "Run the command in a clone of the project's repository, or leave --base out."
      : `The clone may not have that commit: "git fetch origin ${name.replace(/^origin\//, "")}" fetches it; in a GitHub workflow, actions/checkout takes "fetch-depth: 0".`,
  });
}

/** Lists the .sql files of a folder of the project in a commit; none where the commit has no such folder. */
export async function filesOf(
  repository: Repository,
  commit: Commit,
  folder: string,
): Promise<string[]> {
  const listed = await git(repository, ["ls-tree", "-z", "--name-only", commit.id, `${folder}/`]);
  return listed.split("\0").filter((path) => path.endsWith(".sql"));
}

/** Returns the .sql files of a folder that differ between a commit and the files as they lie there, or have gone. */
export async function changedFiles(
  repository: Repository,
  commit: Commit,
  folder: string,
): Promise<string[]> {
  const range = ["--name-only", "--no-renames", "--relative", "-z", commit.id, "--", `${folder}/`];
  return (await git(repository, ["diff", ...range])).split("\0").filter((path) => path !== "");
}

/** Returns the text of a file of the project in a commit. */
export async function textIn(
  repository: Repository,
  commit: Commit,
  path: string,
): Promise<string> {
  return git(repository, ["show", `${commit.id}:./${path}`]);
}
