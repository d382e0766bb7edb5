import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { harmless } from "../../src/output/plain-text.ts";
import { slowQueriesPage } from "../../src/slow-queries/html/slow-queries.view.ts";
import { slowQueryPage } from "../../src/slow-queries/html/slow-query.view.ts";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { findProgram, isMissing } from "../support/requirements.ts";
import {
  busyResult,
  hostileText,
  quietResult,
  statementResult,
} from "../support/slow-queries-results.ts";

const switches = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What stands out to the right of the page. */
async function excess(page: Page): Promise<number> {
  return page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

describe.skipIf(isMissing("chromium"))("in a browser", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "doramaflix-db-pages-"));
    browser = await chromium.launch({
      executablePath: findProgram("chromium") ?? "",
      args: switches,
    });
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page from the disk; `complaints` gets what it asks for, and what the browser says of it. */
  async function open(
    document: string,
    { width, scheme }: { width: number; scheme: "light" | "dark" },
  ): Promise<{ page: Page; complaints: string[] }> {
    const path = join(folder, "page.html");
    await writeFile(path, document);
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      colorScheme: scheme,
      offline: true,
    });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    page.on("request", (request) => {
      if (request.url() !== `file://${path}`) complaints.push(request.url());
    });
    await page.goto(`file://${path}`);
    return { page, complaints };
  }

  const pages = {
    "a busy server": slowQueriesPage(busyResult),
    "a quiet server": slowQueriesPage(quietResult),
    "a statement": slowQueryPage(statementResult),
  };
  const widths = [375, 1280];
  const schemes = ["light", "dark"] as const;
  const cases = Object.entries(pages).flatMap(([name, document]) =>
    widths.flatMap((width) => schemes.map((scheme) => ({ name, document, width, scheme }))),
  );

  test.each(cases)("$name fits $width px, $scheme", async ({ document, width, scheme }) => {
    const { page, complaints } = await open(document, { width, scheme });
    await page.evaluate(
      "document.querySelectorAll('details').forEach((each) => (each.open = true))",
    );
    expect(await excess(page)).toBe(0);
    const brightness = await page.evaluate<number>(
      "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])",
    );
    expect(brightness > 128).toBe(scheme === "light");
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("what is slow, since when and what to do stand on the first screen of a phone", async () => {
    const { page } = await open(pages["a busy server"], { width: 375, scheme: "light" });
    const answers = page.locator(".answer");
    expect(await answers.allTextContents()).toEqual([
      "2 sessions blocked",
      "2026-03-01 05:15 UTC",
      "47% of the time",
    ]);
    const cure = page.locator(".cure").first();
    expect(await cure.textContent()).toBe("SELECT pg_terminate_backend(4711);");
    const box = await cure.boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(800);
    await page.close();
  });

  test("each chart has a name, and its values as a table that the keyboard reaches", async () => {
    const { page } = await open(pages["a busy server"], { width: 1280, scheme: "dark" });
    const names = await page
      .getByRole("img")
      .evaluateAll((charts: { ariaLabel: string }[]) => charts.map(({ ariaLabel }) => ariaLabel));
    expect(names.length).toBeGreaterThan(5);
    expect(names.every((name) => name.length > 3)).toBe(true);
    await page.getByText("As a table").click();
    expect(await page.getByRole("row").count()).toBe(busyResult.timeline.length + 1);
    expect(
      await page
        .getByRole("region", { name: "From snapshot to snapshot", exact: true })
        .getAttribute("tabindex"),
    ).toBe("0");
    await page.close();
  });

  test("the program writes such a page of a real server, with a text that means harm", async () => {
    const { name, url, sql } = await createDatabase();
    await sql`create extension pg_stat_statements`;
    const marked = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e";
    await sql.unsafe(`select 1 as "${marked}"`);
    await sql.unsafe(`create table "${marked}" (id int)`);
    await sql.unsafe(`select count(*) from "${marked}"`);
    const { exitCode, stdout } = await runCli([
      "slow-queries",
      "--format",
      "html",
      "--limit",
      "50",
      "--database",
      name,
      "--url",
      url,
    ]);
    expect(exitCode).toBe(0);
    const { page, complaints } = await open(stdout, { width: 375, scheme: "light" });
    expect(await page.locator("pre").allTextContents()).toContain(
      `select count(*) from "${harmless(marked)}"`,
    );
    expect(await excess(page)).toBe(0);
    expect(await page.locator("script, img").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a text is on the page as it is", async () => {
    const { page } = await open(pages["a statement"], { width: 1280, scheme: "light" });
    expect(await page.locator("pre").first().textContent()).toBe(harmless(hostileText));
    await page.close();
  });
});
