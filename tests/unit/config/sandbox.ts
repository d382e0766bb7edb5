import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, onTestFinished } from "vitest";
import { loadConfig, type LoadedConfig } from "../../../src/config/load.ts";
import type { ServerConnection } from "../../../src/config/schema.ts";
import { CliError } from "../../../src/core/errors.ts";

export interface Given {
  readonly project?: string;
  readonly url?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A home and a project folder of their own, removed when the test ends that asked for them, or the file. */
export interface Sandbox {
  readonly home: string;
  readonly project: string;
  /** Writes a file below the sandbox and returns its path. */
  write(path: string, text: string, mode?: number): string;
  load(given?: Given): Promise<LoadedConfig>;
  connection(given?: Given): Promise<ServerConnection>;
  failure(given?: Given): Promise<CliError>;
}

export function createSandbox(): Sandbox {
  const root = mkdtempSync(join(tmpdir(), "config-"));
  removeAfterwards(root);
  const home = join(root, "home");
  const project = join(root, "project");
  mkdirSync(home);
  mkdirSync(project);

  const load = ({ env = {}, ...flags }: Given = {}): Promise<LoadedConfig> =>
    loadConfig({ flags, env, cwd: project, home, user: "os-user" });

  return {
    home,
    project,
    load,
    write(path, text, mode = 0o600) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
      return file;
    },
    async connection(given) {
      const { connection } = (await load(given)).config;
      if (connection.kind === "embedded") throw new Error("Expected a server connection.");
      return connection;
    },
    async failure(given) {
      const error: unknown = await load(given).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(CliError);
      return error as CliError;
    },
  };
}

/** All that a user gets to see of an error. */
export function wording({ message, detail, hint }: CliError): string {
  return [message, detail, hint].join("\n");
}

function removeAfterwards(folder: string): void {
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    onTestFinished(remove);
  } catch {
    // No test is running: the file asked for it, or a group of tests.
    afterAll(remove);
  }
}
