import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareVersions,
  parseFileName,
  parseVersion,
  type Version,
} from "../../../src/project/version.ts";

const digits = fc.stringMatching(/^\d{1,20}$/);
const label = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
const fileName = fc.tuple(digits, label).map(([number, words]) => `${number}_${words}.sql`);

/** Few numbers and few labels, so that many of them are alike. */
const version = fc
  .tuple(fc.stringMatching(/^0{0,3}[0-9]{1,2}$/), fc.constantFrom("a", "b", "a_b", "9"))
  .map(([number, words]) => versionOf(`${number}_${words}`));

function versionOf(name: string): Version {
  const parsed = parseVersion(name);
  if (parsed === undefined) throw new Error(`"${name}" has no number.`);
  return parsed;
}

test("a file name is the version that the ledger records, and .sql", () => {
  fc.assert(
    fc.property(fileName, (name) => {
      const parsed = parseFileName(name);
      expect(`${parsed?.name}.sql`).toBe(name);
      expect(parseVersion(parsed?.name ?? "")).toEqual(parsed);
    }),
  );
});

test("a greater number comes later, whatever the digits and the label", () => {
  const number = fc.bigInt({ min: 0n, max: 10n ** 18n });
  const zeros = fc.nat(4);
  fc.assert(
    fc.property(
      number,
      number,
      zeros,
      zeros,
      label,
      label,
      (...[a, b, before, after, one, two]) => {
        fc.pre(a !== b);
        const left = versionOf(`${"0".repeat(before)}${a}_${one}`);
        const right = versionOf(`${"0".repeat(after)}${b}_${two}`);
        expect(compareVersions(left, right)).toBe(a < b ? -1 : 1);
      },
    ),
  );
});

test("the order is total: the same for every order in which the files are found", () => {
  const versions = fc.uniqueArray(version, { selector: ({ name }) => name, maxLength: 20 });
  fc.assert(
    fc.property(
      versions.chain((all) => fc.tuple(shuffled(all), shuffled(all))),
      ([one, other]) => {
        const sorted = one.toSorted(compareVersions);
        expect(sorted).toEqual(other.toSorted(compareVersions));
        const wrong = sorted.filter((each, place) => {
          const later = sorted[place + 1];
          return later && !(compareVersions(each, later) < 0 && compareVersions(later, each) > 0);
        });
        expect(wrong).toEqual([]);
      },
    ),
  );
});

function shuffled<Item>(items: readonly Item[]): fc.Arbitrary<Item[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}
