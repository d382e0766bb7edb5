import { expect, test } from "vitest";
import { CliError } from "../../../src/core/errors.ts";
import { readMoment, wantedAt, type Wanted } from "../../../src/slow-queries/moment.ts";

const now = "2026-11-30T12:00:00.000Z";

test.each<[text: string, wanted: Wanted]>([
  ["15m", { at: "2026-11-30T11:45:00.000Z" }],
  ["15min", { at: "2026-11-30T11:45:00.000Z" }],
  ["1.5h", { at: "2026-11-30T10:30:00.000Z" }],
  ["500ms", { at: "2026-11-30T11:59:59.500Z" }],
  ["40d", { at: "2026-10-21T12:00:00.000Z" }],
  ["yesterday", { at: "2026-11-29T12:00:00.000Z" }],
  ["last-week", { at: "2026-11-23T12:00:00.000Z" }],
  ["2026-11-29T14:00", { at: "2026-11-29T14:00:00.000Z" }],
  ["2026-11-29 14:00:05.25", { at: "2026-11-29T14:00:05.250Z" }],
  ["2026-11-29T14:00Z", { at: "2026-11-29T14:00:00.000Z" }],
  ["2026-11-29T14:00+09:00", { at: "2026-11-29T05:00:00.000Z" }],
  ["2024-02-29", { at: "2024-02-29T00:00:00.000Z" }],
  ["17", { id: 17 }],
])("%s is a moment, whatever the time zone of the machine", (text, wanted) => {
  expect(wantedAt(readMoment("--since", text), now)).toEqual(wanted);
});

test.each([
  "",
  "0",
  "0s",
  "-5min",
  "soon",
  "toString",
  "2026-02-29",
  "2026-02-31T10:00",
  "2026-13-01",
  "2026-11-29T25:00",
  "14:00",
  "1e3",
  "#17",
])("%s is none", (text) => {
  expect(() => readMoment("--since", text)).toThrow(CliError);
});
