/** Matches a migration's file name; the parts are the number and the label. */
const fileName = /^(\d+)_([a-z0-9_]+)\.sql$/;

/** What a migration is called, taken apart. */
export interface Version {
  /** File name without ".sql"; what the ledger records. */
  readonly name: string;
  /** A timestamp of 17 digits does not fit into a number. */
  readonly number: bigint;
  /** True for numbers of fewer than eight digits, which are counted one by one; longer ones are timestamps. */
  readonly counted: boolean;
}

/** Reads a migration's file name; undefined when it does not have the form. */
export function parseFileName(name: string): Version | undefined {
  return fileName.test(name) ? parseVersion(name.slice(0, -".sql".length)) : undefined;
}

/** Reads a recorded version, which an older tool may have named in another form; undefined when it has no number. */
export function parseVersion(name: string): Version | undefined {
  const digits = /^\d+/.exec(name)?.[0];
  if (digits === undefined) return undefined;
  return { name, number: BigInt(digits), counted: digits.length < 8 };
}

/** Orders by number, never as text: 10 comes after 9. */
export function compareVersions(a: Version, b: Version): number {
  if (a.number !== b.number) return a.number < b.number ? -1 : 1;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

/** Counts on from the newest of the given names, in as many digits as it has; names without a number do not count. */
export function nextNumber(names: readonly string[]): string {
  const versions = names.map(parseVersion).filter((version) => version !== undefined);
  const newest = versions.toSorted(compareVersions).at(-1);
  const digits = /^\d+/.exec(newest?.name ?? "000")?.[0].length ?? 3;
  return String((newest?.number ?? 0n) + 1n).padStart(digits, "0");
}
