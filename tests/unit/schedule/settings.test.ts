import { describe, expect, test } from "vitest";
import { checkConfigFile } from "../../../src/config/config-file-schema.ts";
import { readSettings } from "../../../src/schedule/settings.ts";
import { CliError } from "../../../src/core/errors.ts";

function problems(schedule: unknown): readonly string[] {
  return checkConfigFile({ schedule }, "doramaflix-db.json").problems.map(({ message }) => message);
}

describe("the part of the config file", () => {
  test.each([
    [3, 'The key "schedule" must be an object, in'],
    [{ jobs: { views: 3 } }, 'The key "schedule.jobs.views" must be an object, in'],
    [
      { jobs: { views: { at: 3 } } },
      'The key "schedule.jobs.views" must be a cron expression in quotes, or false, in',
    ],
    [
      { jobs: { retire: { drop: "yes" } } },
      'The key "schedule.jobs.retire.drop" must be true or false, in',
    ],
    [{ jobs: { health: { failOn: "x" } } }, 'must be one of "error", "warning", "note", in'],
    [{ http: { port: 99_999 } }, "must be a whole number from 0 to 65535, or false, in"],
    [
      { timezone: "UTC" },
      'The key "schedule.timezone" in the config file "doramaflix-db.json" is unknown.',
    ],
    [{ jobs: { view: "* * * * *" } }, 'The key "schedule.jobs.view" in'],
    [{ jobs: { views: { when: "x" } } }, 'The key "schedule.jobs.views.when" in'],
  ])("%j", (given, message) => {
    expect(problems(given)).toEqual([expect.stringContaining(message)]);
  });

  test("suggests the key that was meant", () => {
    const [problem] = checkConfigFile({ schedule: { timezone: "UTC" } }, "x").problems;
    expect(problem?.hint).toContain('Did you mean "timeZone"?');
  });
});

function settingsOf(schedule: unknown): ReturnType<typeof readSettings> {
  const { file, problems: found } = checkConfigFile({ schedule }, "x");
  expect(found).toEqual([]);
  return readSettings({ schedule: file.schedule });
}

describe("the settings", () => {
  test("of nothing are the usual ones, in UTC", () => {
    const { jobs, settings, http } = readSettings({});
    expect(jobs.map(({ name, timeZone }) => [name, timeZone])).toEqual([
      ["partitions", "UTC"],
      ["retire", "UTC"],
      ["views", "UTC"],
      ["snapshot", "UTC"],
      ["analyze", "UTC"],
      ["health", "UTC"],
    ]);
    expect(settings.retire).toEqual({ drop: false, folder: undefined });
    expect(http.host).toBe("127.0.0.1");
  });

  test("take a time, no time, and an object", () => {
    const { jobs, settings } = settingsOf({
      timeZone: "Asia/Seoul",
      jobs: {
        partitions: false,
        analyze: false,
        snapshot: { at: false },
        views: "*/15 * * * *",
        retire: { drop: true, export: "/srv/archive" },
      },
    });
    expect(jobs.map(({ name, schedule, timeZone }) => [name, schedule, timeZone])).toEqual([
      ["retire", "30 3 * * *", "Asia/Seoul"],
      ["views", "*/15 * * * *", "Asia/Seoul"],
      ["health", "7 * * * *", "Asia/Seoul"],
    ]);
    expect(settings.retire).toEqual({ drop: true, folder: "/srv/archive" });
  });

  test("every problem is told at once", () => {
    const given = {
      timeZone: "Mars/Olympus",
      jobs: { views: "61 * * * *", retire: { export: "x" }, snapshot: { keep: "long" } },
    };
    let caught: unknown;
    try {
      settingsOf(given);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(CliError);
    const { code, message, detail } = caught as CliError;
    expect(code).toBe("CONFIG_INVALID");
    expect(message).toBe('There is no time zone "Mars/Olympus".');
    expect(detail?.split("\n")).toEqual([
      expect.stringContaining('"drop": true'),
      expect.stringContaining('not "long"'),
      expect.stringContaining('"61 * * * *" is no time for the job "views"'),
    ]);
  });
});
