import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { filesBelow, textOf } from "./files.ts";

const packageJson = JSON.parse(textOf("package.json")) as {
  engines: { node: string };
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};

const lock = JSON.parse(textOf("package-lock.json")) as {
  packages: Record<string, { resolved?: string; integrity?: string; hasInstallScript?: boolean }>;
};

const locked = Object.entries(lock.packages).filter(([path]) => path !== "");

// Written in pieces, because this file is searched too.
const strange = [/\/wor[k]\b/, /\bshare[d]\//, /\.librar[y]/, /\bfar[m]\b/i];

// The one exception: where CI looks for a container engine unless it is told.
const expected = /^engine=\$\{CONTAINER_ENGINE:-/;

test("no file names a place outside the repository", () => {
  const found = filesBelow(".").flatMap((path) =>
    textOf(path)
      .split("\n")
      .flatMap((line, index) =>
        strange.some((pattern) => pattern.test(line)) && !expected.test(line)
          ? [`${path}:${index + 1}: ${line}`]
          : [],
      ),
  );
  expect(found).toEqual([]);
});

test("every relative link in a page leads to a file, and every anchor to a heading", () => {
  const broken = filesBelow(".")
    .filter((path) => path.endsWith(".md"))
    .flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
        ([link, path = "", anchor]) => {
          const target = path === "" ? page : normalize(join(dirname(page), path));
          if (!existsSync(join(packageRoot, target))) return [`${page}: ${link}`];
          return anchor === undefined || anchors(target).includes(anchor)
            ? []
            : [`${page}: ${link}`];
        },
      ),
    );
  expect(broken).toEqual([]);
});

function anchors(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("the scripts ask for the Node that package.json names", () => {
  const [, major, minor] =
    /needed = \[(\d+), (\d+)\]/.exec(textOf("scripts/require-node.js")) ?? [];
  expect(packageJson.engines.node).toBe(`>=${major}.${minor}`);
});

test("every script that a user starts first looks at the version of Node", () => {
  const silent = filesBelow("scripts")
    .filter((path) => /^scripts\/[^/]+\.js$/.test(path) && path !== "scripts/require-node.js")
    .filter((path) => /^import "(.+)";/m.exec(textOf(path))?.[1] !== "./require-node.js");
  expect(silent).toEqual([]);
});

test("for every install script that there is, it is said whether npm may run it", () => {
  const withScript = locked
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^node_modules\//, ""));
  expect(Object.keys(packageJson.allowScripts).toSorted()).toEqual(withScript.toSorted());
});

test("the lock file serves every platform and names no registry of one machine", () => {
  const paths = locked.map(([path]) => path);
  for (const name of Object.keys(packageJson.optionalDependencies)) {
    expect(paths).toContain(`node_modules/${name}`);
  }
  const strangers = locked.filter(
    ([, { resolved }]) =>
      resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  expect(strangers).toEqual([]);
  expect(locked.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});
