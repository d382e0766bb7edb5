import { describe, expect, test } from "vitest";
import { calendarOf, isTimeZone, problemOf } from "../../../src/schedule/calendar.ts";

function latest(
  expression: string,
  { after, now, zone = "UTC" }: { after: string; now: string; zone?: string },
): unknown {
  const due = calendarOf(expression, zone).latest(new Date(after), new Date(now));
  return due && [due.at.toISOString(), due.missed];
}

describe("the newest moment at which a job is due", () => {
  test.each([
    ["10 3 * * *", "2026-01-01T03:10:00Z", "2026-01-02T03:09:59Z", undefined],
    ["10 3 * * *", "2026-01-01T03:10:00Z", "2026-01-02T03:10:00Z", ["2026-01-02T03:10:00.000Z", 0]],
    ["10 3 * * *", "2026-01-01T03:10:00Z", "2026-01-05T12:00:00Z", ["2026-01-05T03:10:00.000Z", 3]],
    ["*/5 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:04:59.9Z", undefined],
    [
      "*/5 * * * *",
      "2026-01-01T00:00:00Z",
      "2026-01-01T00:15:30Z",
      ["2026-01-01T00:15:00.000Z", 2],
    ],
    [
      "*/5 * * * *",
      "2025-01-01T00:00:00Z",
      "2026-01-01T00:00:00Z",
      ["2026-01-01T00:00:00.000Z", 100],
    ],
    ["0 0 1 1 *", "2025-06-01T00:00:00Z", "2026-03-01T00:00:00Z", ["2026-01-01T00:00:00.000Z", 0]],
    // With seconds.
    [
      "*/10 * * * * *",
      "2026-01-01T00:00:00Z",
      "2026-01-01T00:00:25Z",
      ["2026-01-01T00:00:20.000Z", 1],
    ],
    // A clock that was set back.
    ["* * * * *", "2026-01-01T01:00:00Z", "2026-01-01T00:30:00Z", undefined],
  ])("%s after %s at %s", (...[expression, after, now, expected]) => {
    expect(latest(expression, { after, now })).toEqual(expected);
  });

  test("follows the time zone, also one that is a quarter of an hour off", () => {
    const day = { after: "2026-07-01T00:00:00Z", now: "2026-07-01T23:59:00Z" };
    expect(latest("30 9 * * *", { ...day, zone: "Asia/Seoul" })).toEqual([
      "2026-07-01T00:30:00.000Z",
      0,
    ]);
    expect(latest("30 9 * * *", { ...day, zone: "Asia/Kathmandu" })).toEqual([
      "2026-07-01T03:45:00.000Z",
      0,
    ]);
    expect(latest("30 9 * * *", { ...day, zone: "America/St_Johns" })).toEqual([
      "2026-07-01T12:00:00.000Z",
      0,
    ]);
  });

  test("in an hour that a change of the clock leaves out there is none, and in one that comes twice there are two", () => {
    const zone = "Europe/Berlin";
    expect(
      latest("30 2 * * *", { zone, after: "2026-03-28T12:00:00Z", now: "2026-03-29T12:00:00Z" }),
    ).toBeUndefined();
    expect(
      latest("30 2 * * *", { zone, after: "2026-10-24T12:00:00Z", now: "2026-10-25T12:00:00Z" }),
    ).toEqual(["2026-10-25T01:30:00.000Z", 1]);
  });

  test("of a year is found in less than seconds", () => {
    const began = performance.now();
    latest("0 0 29 2 *", { after: "2025-01-01T00:00:00Z", now: "2026-12-01T00:00:00Z" });
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

test("the next moment is in the future", () => {
  const next = calendarOf("* * * * *", "UTC").next();
  expect(next?.getTime()).toBeGreaterThan(Date.now());
});

test.each(["61 * * * *", "hello", "", "0 0 31 2 *", "* * * * * * *"])(
  '"%s" is no time',
  (given) => {
    expect(problemOf(given)).toMatch(/\w/);
  },
);

test.each(["* * * * *", "*/5 0-6 * * mon-fri", "@daily", "0 0 L * *", "30 * * * * *"])(
  '"%s" is a time',
  (given) => {
    expect(problemOf(given)).toBeUndefined();
  },
);

test("time zones are those of the machine", () => {
  expect(["UTC", "Asia/Seoul", "Mars/Olympus", ""].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
