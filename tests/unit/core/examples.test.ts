import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram, loadProgram } from "../../../src/program.ts";

const leaves = leavesOf(await loadProgram(async () => Promise.resolve()));

function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

/** What --help prints behind the options. */
function examplesOf(command: Command): string[] {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const [, examples = ""] = help.split("\nExamples:\n");
  return examples
    .trimEnd()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The words of a line as a shell would have them, from the program's name to where its output goes. */
function wordsOf(line: string): string[] {
  const command =
    /doramaflix-db\b(?:'[^']*'|"[^"]*"|(?! (?:[>|(]|\|\|))[^)])*/.exec(line)?.[0] ?? "";
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}

// Some show a file beside the command.
const examples = leaves.flatMap(examplesOf).filter((line) => line.includes("doramaflix-db"));

test.each(leaves.map((command) => [nameOf(command), command] as const))(
  "the help of %s ends with an example of it",
  (name, command) => {
    expect(examplesOf(command).filter((line) => line.includes(name))).not.toEqual([]);
  },
);

describe("each example is a command line that the program accepts", () => {
  test.each(examples)("%s", async (line) => {
    const [program, ...words] = wordsOf(line);
    expect(program).toBe("doramaflix-db");
    let called = 0;
    const tree = createProgram(async () => {
      called += 1;
      return Promise.resolve();
    });
    tree.exitOverride().configureOutput({ outputError: () => {} });
    await tree.parseAsync(words, { from: "user" });
    expect(called).toBe(1);
  });
});
