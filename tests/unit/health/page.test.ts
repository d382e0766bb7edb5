import { expect, test } from "vitest";
import { checks } from "../../../src/health/checks.ts";
import { textOf } from "../../architecture/files.ts";

test("docs/health.md lists the checks as they are", () => {
  const rows = [...textOf("docs/health.md").matchAll(/^\| `(\w+)` \| (\w+) \| (.+) \|$/gm)];
  expect(rows.map(([, name, level, sentence]) => ({ name, level, sentence }))).toEqual(
    checks.map(({ name, level, sentence }) => ({ name, level, sentence })),
  );
});

test("each check asks the query of its name, and its texts are ready to be joined", () => {
  for (const { name, query, sentence, advice } of checks) {
    const text = query.text().replace(" /* doramaflix-db */", "");
    expect(text, name).toBe(textOf(`sql/queries/health/${name}.sql`));
    expect(sentence, name).toMatch(/^[A-Z].*[^.]$/);
    expect(advice, name).toMatch(/^[A-Z].*\.$/);
  }
});
