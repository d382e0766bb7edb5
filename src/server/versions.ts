/** The versions of the server that npm has, by the major version that users choose; the newest is what we depend on. */
export const postgresVersions = {
  "15": "15.18.0-beta.17",
  "16": "16.14.0-beta.17",
  "17": "17.10.0-beta.17",
  "18": "18.4.0-beta.17",
} as const;

export type PostgresMajor = keyof typeof postgresVersions;
