import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { CliError } from "../../../src/core/errors.ts";
import { exportJobs, type ExportTarget } from "../../../src/schedule/export.ts";
import { cronTimes } from "../../../src/schedule/export/times.ts";
import type { ExportResult } from "../../../src/schedule/results.ts";
import { readSettings } from "../../../src/schedule/settings.ts";

const input = {
  program: "/opt/my app/doramaflix-db",
  nodeFolder: "/opt/node 50%$/bin",
  project: "/srv/50% of it's",
  image: "db:1",
};

function exported(target: ExportTarget, views = "*/5 * * * *"): ExportResult {
  const off = { at: false } as const;
  const jobs = { retire: off, snapshot: off, analyze: off, views: { at: views } };
  return exportJobs(readSettings({ schedule: { timeZone: "Asia/Seoul", jobs } }), target, input);
}

function textOf(result: ExportResult, name?: string): string {
  return result.files.find((file) => name === undefined || file.name === name)?.text ?? "";
}

describe("the fields of a time", () => {
  test.each([
    ["*/5 * * * *", "*/5 * * * *"],
    ["0 */5 * * * *", "*/5 * * * *"],
    ["@daily", "0 0 * * *"],
    ["0 9 * * mon-fri", "0 9 * * 1,2,3,4,5"],
    ["0,30 0-3 1 jan *", "0,30 0,1,2,3 1 1 *"],
  ])("%s", (expression, cron) => {
    expect(cronTimes(expression)).toEqual({ cron });
  });

  test.each(["*/10 * * * * *", "0 0 L * *", "0 0 13 * fri"])("%s means something else", (given) => {
    expect(cronTimes(given)).toHaveProperty("problem");
  });
});

test("a crontab has a line for each job, quoted for its shell and for cron", () => {
  expect(textOf(exported("crontab")).split("\n").slice(2)).toEqual([
    "CRON_TZ=Asia/Seoul",
    "PATH=/opt/node 50%$/bin:/usr/local/bin:/usr/bin:/bin",
    String.raw`10 3 * * * '/opt/my app/doramaflix-db' schedule once partitions --project '/srv/50\% of it'\''s'`,
    String.raw`*/5 * * * * '/opt/my app/doramaflix-db' schedule once views --project '/srv/50\% of it'\''s'`,
    String.raw`7 * * * * '/opt/my app/doramaflix-db' schedule once health --project '/srv/50\% of it'\''s'`,
    "",
  ]);
});

test("a timer of systemd has its zone, and catches up what was missed", () => {
  const result = exported("systemd", "0 9 1 * mon-fri");
  const timer = textOf(result, "doramaflix-db-views.timer");
  expect(timer).toContain(
    "OnCalendar=Mon,Tue,Wed,Thu,Fri *-*-01 09:00:00 Asia/Seoul\nPersistent=true",
  );
  expect(textOf(result, "doramaflix-db-views.service")).toContain(
    `ExecStart="/opt/my app/doramaflix-db" schedule once views --project "/srv/50%% of it's"\n` +
      `Environment="PATH=/opt/node 50%%$/bin:/usr/local/bin:/usr/bin:/bin"\n`,
  );
});

test("pg_cron gets what the database can do by itself", () => {
  const { files, notes } = exported("pg_cron");
  expect(files[0]?.text).toContain(
    "select cron.schedule('doramaflix-db partitions', '10 3 * * *', $job$call public.create_partitions()$job$);",
  );
  expect(notes.at(-1)).toContain("health");
});

const CronJob = z.strictObject({
  apiVersion: z.literal("batch/v1"),
  kind: z.literal("CronJob"),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,52}$/) }),
  spec: z.strictObject({
    schedule: z.string(),
    timeZone: z.string(),
    concurrencyPolicy: z.enum(["Allow", "Forbid", "Replace"]),
    startingDeadlineSeconds: z.int(),
    jobTemplate: z.strictObject({
      spec: z.strictObject({
        backoffLimit: z.int(),
        template: z.strictObject({
          spec: z.strictObject({
            restartPolicy: z.enum(["Never", "OnFailure"]),
            containers: z.array(
              z.strictObject({
                name: z.string(),
                image: z.string(),
                command: z.array(z.string()),
                env: z.array(
                  z.strictObject({
                    name: z.string(),
                    valueFrom: z.strictObject({
                      secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }),
                    }),
                  }),
                ),
              }),
            ),
          }),
        }),
      }),
    }),
  }),
});

test("Kubernetes gets a CronJob for each job", () => {
  const documents = parseAllDocuments(textOf(exported("kubernetes")));
  const jobs = documents.map((document) => CronJob.parse(document.toJS()));
  expect(jobs.map(({ metadata, spec }) => [metadata.name, spec.schedule])).toEqual([
    ["doramaflix-db-partitions", "10 3 * * *"],
    ["doramaflix-db-views", "*/5 * * * *"],
    ["doramaflix-db-health", "7 * * * *"],
  ]);
  expect(jobs[0]?.spec.jobTemplate.spec.template.spec.containers[0]?.command.at(-1)).toBe(
    input.project,
  );
});

test.each(["crontab", "kubernetes", "pg_cron"] as const)(
  "%s refuses a time that it does not know",
  (target) => {
    expect(() => exported(target, "*/10 * * * * *")).toThrow(CliError);
  },
);
