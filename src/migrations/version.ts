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
