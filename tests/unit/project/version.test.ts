import { expect, test } from "vitest";
import { compareVersions, parseFileName, parseVersion } from "../../../src/project/version.ts";

test.for([
  ["001_first.sql", { name: "001_first", number: 1n, counted: true }],
  ["0_zero.sql", { name: "0_zero", number: 0n, counted: true }],
  ["9999999_last_counted.sql", { number: 9_999_999n, counted: true }],
  ["20260101_day.sql", { number: 20_260_101n, counted: false }],
  ["20200605075829074_timestamp.sql", { number: 20_200_605_075_829_074n, counted: false }],
] as const)("the file name %s is read", ([name, version]) => {
  expect(parseFileName(name)).toMatchObject(version);
});

test.for([
  "first.sql",
  "001.sql",
  "001_.sq",
  "001_First.sql",
  "001_first second.sql",
  "001-first.sql",
  "V1__first.sql",
  "001_première.sql",
  "001_first.sql.bak",
  "١_first.sql",
])("the file name %s is not that of a migration", (name) => {
  expect(parseFileName(name)).toBeUndefined();
});

test("versions are ordered by number and not as text, in any number of digits", () => {
  const names = [
    "10_ten",
    "20200605075829075_later",
    "9_nine",
    "0009_nine_too",
    "20200605075829074_earlier",
    "20260101_day",
  ];
  const versions = names.map(parseVersion).filter((version) => version !== undefined);
  expect(versions.toSorted(compareVersions).map(({ name }) => name)).toEqual([
    "0009_nine_too",
    "9_nine",
    "10_ten",
    "20260101_day",
    "20200605075829074_earlier",
    "20200605075829075_later",
  ]);
});

test("a version of another tool that has no number is none", () => {
  expect(parseVersion("initial")).toBeUndefined();
});
