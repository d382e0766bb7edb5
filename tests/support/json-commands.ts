import { runCli } from "./cli.ts";

/** Returns the words of every command that does something, found by asking each command for its own ones. */
export async function commandsOfProgram(words: readonly string[] = []): Promise<string[]> {
  const { stdout } = await runCli([...words, "--help"]);
  const list = /^Commands:\n((?: +.*\n?)+)/m.exec(stdout)?.[1] ?? "";
  const names = Array.from(list.matchAll(/^ {2}(\w[\w-]*)/gm), ([, name = ""]) => name);
  if (names.length === 0) return [words.join(" ")];
  const below = await Promise.all(names.map(async (name) => commandsOfProgram([...words, name])));
  return below.flat();
}
