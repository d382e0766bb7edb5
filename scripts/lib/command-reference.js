import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.js";
import { run } from "./run.js";

const begin = /<!-- help: (.*?) -->/;

/** Returns the Markdown pages of the repository that hold parts written by a program, as paths. */
function pages() {
  return ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter(
    (path) => path.endsWith(".md") && begin.test(readFileSync(join(root, path), "utf8")),
  );
}

/** Returns each page with help texts in it: its path, its text, and its text as the program would have it. */
export async function pagesWithHelp() {
  return Promise.all(
    pages().map(async (path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, current: await withCurrentHelp(text) };
    }),
  );
}

/** "<!-- help: -->" is followed by the help of the program, "<!-- help: migrate -->" by that of a command. */
async function withCurrentHelp(text) {
  const pieces = text.split(/(<!-- help: .*? -->)[^]*?<!-- help ends -->/);
  const written = await Promise.all(
    pieces.map(async (piece) => {
      const [, command] = begin.exec(piece) ?? [];
      if (command === undefined) return piece;
      const help = await helpOf(command.split(" ").filter((word) => word !== "doramaflix-db"));
      return `${piece}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n\n<!-- help ends -->`;
    }),
  );
  return written.join("");
}

/** Returns the commands whose help no page shows; the tree is found by asking each command for its own ones. */
export async function commandsWithoutPage() {
  const texts = pages().map((path) => readFileSync(join(root, path), "utf8"));
  const lines = await commandLines([]);
  return lines.filter((line) => !texts.some((text) => text.includes(`<!-- help: ${line} -->`)));
}

async function commandLines(words) {
  const help = await helpOf(words);
  const list = /^Commands:\n((?: +.*\n?)+)/m.exec(help)?.[1] ?? "";
  const names = [...list.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name);
  const below = await Promise.all(
    names.filter((name) => name !== "help").map(async (name) => commandLines([...words, name])),
  );
  return [["doramaflix-db", ...words].join(" "), ...below.flat()];
}

async function helpOf(words) {
  const program = join(root, "bin", "doramaflix-db.js");
  const { exitCode, output } = await run(process.execPath, [program, ...words, "--help"]);
  if (exitCode !== 0) throw new Error(`"${words.join(" ")} --help" failed: ${output}`);
  return output;
}
