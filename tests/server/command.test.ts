import { Command } from "commander";
import { describe, expect, test } from "vitest";

import type { Action, ActionRunner, Context } from "../../src/context.ts";
import { type Output, type Page } from "../../src/output/output.ts";
import { plainStyle } from "../../src/output/style.ts";
import { configure } from "../../src/server/server.command.ts";
import { serverUrl } from "../../src/server/server.ts";
import { makeProject } from "./helpers.ts";

const page: Page = { width: 80, style: plainStyle };

interface Outcome {
  readonly text: string;
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** Runs the arguments through commander, as program.ts does, and collects what the command says. */
async function runServer(project: string, ...args: string[]): Promise<Outcome> {
  const outcome = { text: "", notes: [] as string[], exitCode: -1 };
  const output = {
    result(result, view) {
      outcome.text += view(result, page);
    },
    note: (text) => void outcome.notes.push(text),
  } as Partial<Output> as Output;
  const context = { config: { project }, output } as Context;
  const run: ActionRunner =
    <Options>(action: Action<Options>) =>
    async (options) => {
      outcome.exitCode = await action(context, options as Options);
    };
  const command = new Command("server");
  configure(command, run);
  await command.parseAsync(args, { from: "user" });
  return outcome;
}

describe("doramaflix-db server", () => {
  test("start, url, status and stop tell what a user needs", async () => {
    const project = makeProject();

    const before = await runServer(project, "status");
    expect(before.text).toBe("The embedded PostgreSQL 18.4 server has not been created yet.");
    expect(before.exitCode).toBe(0);
    expect((await runServer(project, "status", "--exit-code")).exitCode).toBe(1);

    const started = await runServer(project, "start");
    expect(started.text).toContain("The embedded PostgreSQL 18.4 server has started.");
    expect(started.notes).toEqual([
      "Creating the embedded PostgreSQL 18 server, once for this project.",
    ]);
    expect((await runServer(project, "start")).text).toContain("is already running.");

    const { password } = new URL(serverUrl(project).url);
    const running = await runServer(project, "status", "--exit-code");
    expect(running.exitCode).toBe(0);
    expect(running.text).toContain('is running until "server stop".');
    expect(running.text + started.text).not.toContain(password);
    expect((await runServer(project, "url")).text).toBe(serverUrl(project).url);

    expect((await runServer(project, "stop")).text).toBe("The embedded server has stopped.");
    expect((await runServer(project, "stop")).text).toBe("The embedded server is not running.");
    const after = await runServer(project, "status");
    expect(after.text).toContain("The embedded PostgreSQL 18.4 server is not running.");
  });

  test("every subcommand has a summary, a description and an example", () => {
    const command = new Command("server");
    configure(command, () => () => Promise.resolve());
    expect(command.commands.map((each) => each.name())).toEqual(["start", "stop", "status", "url"]);
    for (const each of command.commands) {
      let help = "";
      each.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
      expect(each.summary()).not.toBe("");
      expect(help).toContain("Examples:\n  doramaflix-db server");
    }
  });
});
