/** Everything that the loader needs of the process; it never looks for itself. */
export interface ConfigInputs {
  readonly flags: {
    readonly project?: string | undefined;
    readonly url?: string | undefined;
    readonly expectDatabase?: string | undefined;
    readonly environment?: string | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of flags, variables and connection parameters start here, as in libpq. */
  readonly cwd: string;
  readonly home: string;
  /** The operating system's name for the user: libpq's default for `user`. */
  readonly user: string;
}
