import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.js";

const path = "docs/locks.md";

/** Returns the page of locks: its path, its text, and its text as the list of the tests would have it. */
export function pageOfLocks() {
  const text = readFileSync(join(root, path), "utf8");
  const list = join(root, "tests", "database", "statements", "statement-locks.json");
  const groups = JSON.parse(readFileSync(list, "utf8"));
  const tables = groups.map(({ title, statements }) => tableOf(title, statements)).join("\n\n");
  const current = text.replace(
    /(<!-- locks -->)[^]*(<!-- locks end -->)/,
    (_, begin, end) => `${begin}\n\n${tables}\n\n${end}`,
  );
  return { path, text, current };
}

function tableOf(title, statements) {
  const rows = statements.map((each) => `| ${cells(each).join(" | ")} |`);
  return [`### ${title}`, "", "| statement | locks | rewrites |", "|---|---|---|", ...rows].join(
    "\n",
  );
}

function cells({ statement, locks, rewrites = [], before, since }) {
  const version = since === undefined ? "" : ` (PostgreSQL ${since})`;
  const older =
    before === undefined ? "" : `; before PostgreSQL ${before.version} ${locksText(before.locks)}`;
  return [
    `\`${statement.replaceAll("|", "\\|")}\`${version}`,
    `${locksText(locks)}${older}`,
    rewrites.map((name) => `\`${name}\``).join(", "),
  ];
}

/** Names each mode once, with its tables. */
function locksText(locks) {
  const tables = new Map();
  for (const [name, mode] of Object.entries(locks)) {
    tables.set(mode, [...(tables.get(mode) ?? []), `\`${name}\``]);
  }
  const parts = [...tables].map(([mode, names]) => `${mode} on ${names.join(", ")}`);
  return parts.length === 0 ? "none" : parts.join("; ");
}
