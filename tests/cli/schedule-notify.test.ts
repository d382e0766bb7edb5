import { chmod, readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { JobNotification, OnceResult } from "../../src/schedule/results.ts";
import { killCli, runCli, startCli, type CliResult } from "../support/cli.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../support/database.ts";
import { createProject } from "../support/project.ts";

const patience = { timeout: 45_000, interval: 20 };

/** How jobs are told of does not depend on the server; what the server does is tested on each version. */
const major = process.env["TEST_POSTGRES"] ?? "18";

const secret = "T0KEN-of-the-webhook";

interface Webhook {
  readonly url: string;
  readonly bodies: unknown[];
}

/** Answers the n-th request as `answer` says. */
async function startWebhook(
  answer: (response: ServerResponse, count: number) => void,
): Promise<Webhook> {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      bodies.push(JSON.parse(text));
      answer(response, bodies.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/services/${secret}`, bodies };
}

function status(code: number): (response: ServerResponse) => void {
  return (response) => response.writeHead(code).end("no secrets here");
}

const off = { partitions: false, retire: false, snapshot: false, analyze: false, health: false };

/** A project whose scheduler tells somebody; the files are programs. */
async function projectWith(
  notify: object,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const schedule = { http: false, jobs: { ...off, views: "* * * * * *" }, notify };
  const project = await createProject({
    "doramaflix-db.json": JSON.stringify({ schedule }),
    ...files,
  });
  for (const name of Object.keys(files)) await chmod(join(project, name), 0o755);
  return project;
}

/** Makes a view whose refresh fails with a message that has secrets in it, until the table is emptied. */
async function makeBrokenView({ sql }: TestDatabase): Promise<void> {
  await sql.unsafe(`
    create table words as select 'postgres://app:s3cret@db/x password=s3cret https://hooks.example/T0KEN' as word;
    create function fail(word text) returns text language plpgsql as $$
      begin raise exception 'cannot reach %', word; end $$;
    create materialized view broken as select fail(word) from words with no data;
    insert into matview_policies (view_name, every) values ('broken', '1 millisecond')`);
}

const webhook = { urlVariable: "HOOK" };

async function once(database: TestDatabase, project: string, url?: string): Promise<CliResult> {
  const args = ["schedule", "once", "views", "--json", "--url", database.url];
  const env = url === undefined ? {} : { HOOK: url };
  return runCli([...args, "--project", project], { env });
}

describe.skipIf(major !== "18")("a webhook", () => {
  test("is told of a failure once, and of the recovery, without secrets", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const { url, bodies } = await startWebhook(status(200));
    const project = await projectWith({ webhook });
    const results = [await once(database, project, url), await once(database, project, url)];
    await database.sql`delete from words`;
    results.push(await once(database, project, url));
    expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [8, ""],
      [8, ""],
      [0, ""],
    ]);
    const told = bodies.map((body) => JobNotification.parse(body));
    const [name] = await database.sql`select current_database() as database`;
    const { jobs } = OnceResult.parse(JSON.parse(results[0]?.stdout ?? ""));
    expect(told).toMatchObject([
      { kind: "failed", job: "views", runId: jobs[0]?.runId, database: name?.["database"] },
      { kind: "recovered", result: "done", problems: [] },
    ]);
    expect(told[0]?.problems.join("\n")).toContain(
      "cannot reach postgres://app:***@db/x password=*** https://***",
    );
    const rows = await database.sql`
      select result, notification, notified_at >= notification_began_at as is_told
      from job_runs order by run_id`;
    expect(rows).toEqual([
      { result: "failed", notification: "failed", is_told: true },
      { result: "failed", notification: null, is_told: null },
      { result: "done", notification: "recovered", is_told: true },
    ]);
  });

  test("in Slack's shape, with its URL in a file, gets one text", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const { url, bodies } = await startWebhook(status(200));
    const project = await projectWith(
      { webhook: { shape: "slack", urlFile: "hook.url" } },
      { "hook.url": `${url}\n` },
    );
    await once(database, project);
    expect(bodies).toEqual([
      { text: expect.stringMatching(/^The job "views" of .* has failed\.\n/) as string },
    ]);
    expect(JSON.stringify(bodies)).not.toMatch(/s3cret|T0KEN/);
  });

  test("that fails twice is tried again; one that goes on failing is given up, and tried again later", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const project = await projectWith({ webhook });
    const broken = await startWebhook(status(500));
    const given = await once(database, project, broken.url);
    expect(broken.bodies).toHaveLength(3);
    expect(given.exitCode).toBe(8);
    expect(given.stderr).toContain(
      "Attempt 3 of 3 to tell by webhook that views failed: It answered 500",
    );
    expect(given.stderr).not.toMatch(/T0KEN|s3cret/);
    await database.sql`
      update job_runs set notification_began_at = notification_began_at - interval '11 minutes'`;
    const flaky = await startWebhook((response, count) => {
      status(count <= 2 ? 503 : 200)(response);
    });
    await once(database, project, flaky.url);
    expect(flaky.bodies).toHaveLength(3);
    const [row] = await database.sql`
      select count(*)::int as told from job_runs where notified_at is not null`;
    expect(row).toEqual({ told: 1 });
  });

  test("that hangs, is not there or refuses keeps nothing from ending", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const project = await projectWith({ webhook, timeout: "300ms", attempts: 2 });
    const again = async (): Promise<void> => {
      await database.sql`update job_runs set notification = null`;
    };
    const hanging = await startWebhook(() => {});
    const late = await once(database, project, hanging.url);
    expect([late.exitCode, hanging.bodies.length]).toEqual([8, 2]);
    expect(late.stderr).toContain("No answer in 300 ms.");
    await again();
    const gone = await once(database, project, `http://127.0.0.1:1/${secret}`);
    expect([gone.exitCode, gone.stderr]).toEqual([8, expect.stringContaining("Attempt 2 of 2")]);
    await again();
    const refusing = await startWebhook(status(404));
    const refused = await once(database, project, refusing.url);
    expect([refused.exitCode, refusing.bodies.length]).toEqual([8, 1]);
    expect([late, gone, refused].map(({ stderr }) => stderr).join("")).not.toMatch(/T0KEN|s3cret/);
  });

  test.each([
    [{ webhook }, 'The variable "HOOK", with the URL of the webhook, is not set.'],
    [{ webhook: { urlFile: "none" } }, "There is no file"],
    [{ webhook: {} }, 'needs either "urlVariable" or "urlFile"'],
    [{}, 'needs a "command" or a "webhook"'],
    [{ command: ["true"], timeout: "2min" }, 'takes a duration up to 1min such as "10s"'],
    [{ command: ["true"], repeat: "often" }, 'takes a duration such as "4h", or false'],
    [{ command: "true" }, 'The key "schedule.notify.command" must be a list'],
  ])("%j in the config file ends the command before it begins", async (notify, message) => {
    const project = await projectWith(notify);
    const { exitCode, stderr } = await runCli(["schedule", "run", "--project", project]);
    expect([exitCode, stderr.replaceAll(/\s+/g, " ")]).toEqual([
      2,
      expect.stringContaining(message),
    ]);
  });

  test("a URL that is none is not repeated", async () => {
    const { exitCode, stderr } = await runCli(
      ["schedule", "run", "--project", await projectWith({ webhook })],
      { env: { HOOK: `hooks.example/${secret}` } },
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("holds no URL")]);
    expect(stderr).not.toContain(secret);
  });
});

describe.skipIf(major !== "18")("a command", () => {
  test("reads the notification, without a shell between", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const program = '#!/bin/sh\nprintf "%s\\n" "$@" > arguments\ncat > told\n';
    const command = ["./tell", "$(id) 'two words'", "; exit 1"];
    const project = await projectWith({ command }, { tell: program });
    const { stderr } = await once(database, project);
    expect(stderr).toBe("");
    const told = await readFile(join(project, "told"), "utf8");
    expect(JobNotification.parse(JSON.parse(told))).toMatchObject({ kind: "failed", job: "views" });
    expect(told).not.toContain("s3cret");
    expect(await readFile(join(project, "arguments"), "utf8")).toBe(
      `${command.slice(1).join("\n")}\n`,
    );
  });

  test.each([
    [
      "fails",
      "#!/bin/sh\necho 'mail to postgres://u:s3cret@h/d' >&2\nexit 7\n",
      "It ended with 7: mail to postgres://u:***@h/d",
    ],
    ["hangs, with a child", "#!/bin/sh\nsleep 600 &\nsleep 600\n", "No answer in 500 ms."],
    ["cannot be started", "#!/no/such/program\n", "Attempt 1 of 1"],
  ])("that %s is logged, and keeps nothing from ending", async (_, program, message) => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const notify = { command: ["./tell"], timeout: "500ms", attempts: 1 };
    const project = await projectWith(notify, { tell: program });
    const { exitCode, stderr } = await once(database, project);
    expect([exitCode, stderr.replaceAll(/\s+/g, " ")]).toEqual([
      8,
      expect.stringContaining(message),
    ]);
    expect(stderr).not.toContain("s3cret");
  });
});

describe.skipIf(major !== "18")("schedule run", () => {
  test("tells once, whoever leads, and runs its jobs while the webhook hangs", async () => {
    const database = await createDatabaseWithEngine();
    await makeBrokenView(database);
    const { url, bodies } = await startWebhook((response, count) => {
      if (count > 1) status(200)(response);
    });
    const project = await projectWith({ webhook, timeout: "4s" });
    const args = ["schedule", "run", "--url", database.url, "--project", project];
    const start = (): ReturnType<typeof startCli> => {
      const run = startCli(args, { env: { HOOK: url } });
      onTestFinished(async () => {
        await killCli(run);
      });
      return run;
    };
    const ended = async (): Promise<number> => {
      const [row] = await database.sql`
        select count(*)::int as number from job_runs where result is not null`;
      return Number(row?.["number"]);
    };
    const first = start();
    await vi.waitUntil(() => bodies.length > 0, patience);
    const before = await ended();
    await vi.waitUntil(async () => (await ended()) >= before + 2, patience);
    expect(bodies).toHaveLength(1);
    await vi.waitUntil(async () => {
      const [row] = await database.sql`select from job_runs where notified_at is not null`;
      return row !== undefined;
    }, patience);
    const { stdout } = await killCli(first);
    const second = start();
    const killed = await ended();
    await vi.waitUntil(async () => (await ended()) >= killed + 3, patience);
    expect(bodies).toHaveLength(2);
    await database.sql`delete from words`;
    await vi.waitUntil(() => bodies.length > 2, patience);
    second.child.kill("SIGTERM");
    const { exitCode, stdout: later } = await second.result;
    expect(exitCode).toBe(0);
    expect(bodies.map((body) => JobNotification.parse(body).kind)).toEqual([
      "failed",
      "failed",
      "recovered",
    ]);
    expect(stdout + later).not.toContain(secret);
    expect(stdout).toContain('"event":"notification"');
  });
});
