import type { ConnectionOptions as TlsOptions } from "node:tls";
import type { ScheduleFile } from "./schedule-schema.ts";
import type { WebhookUrl } from "./webhook.ts";

/** A host name, an IP address, or the folder of a Unix-domain socket when it starts with a slash. */
export interface HostAddress {
  readonly host: string;
  readonly port: number;
}

/** Everything needed to open a session; libpq's parameters under PostgreSQL's names for them. */
export interface ServerConnection {
  readonly kind: "server";
  /** Where the address came from, as the user knows it: "--url", "DATABASE_URL", "DATABASE_URL_FILE", "PGHOST", "PGSERVICE", or the config file's name. */
  readonly source: string;
  /** Tried in order. */
  readonly hosts: readonly HostAddress[];
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** false: never TLS. "prefer": TLS when the server offers it, unverified. Otherwise TLS is required, with these options. */
  readonly tls: false | "prefer" | TlsOptions;
  /** Seconds to wait for one host, 15 by default; 0 waits for ever, as in libpq. */
  readonly connectTimeout: number;
  /** libpq's `options`, such as "-c search_path=app". */
  readonly options: string | undefined;
  readonly targetSessionAttributes:
    | "any"
    | "read-write"
    | "read-only"
    | "primary"
    | "standby"
    | "prefer-standby";
}

/** The server that the toolkit runs itself, for a user who has configured no other. */
export interface EmbeddedConnection {
  readonly kind: "embedded";
  /** Undefined for the one that the toolkit creates there. */
  readonly database?: string;
}

/** What the user says of the database that is to be changed. */
export interface Expectations {
  /** Its name. */
  readonly database: string | undefined;
  /** Its environment, such as "production". */
  readonly environment: string | undefined;
}

/** The trusted configuration: complete, checked and frozen. */
export interface Config {
  /** The folder that holds migrations/, functions/ and views/, as an absolute path. */
  readonly project: string;
  readonly connection: ServerConnection | EmbeddedConnection;
  readonly expected: Expectations;
  /** Values for placeholders in SQL files, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** When the scheduler runs what, as far as the config file says; of one database of several: undefined. */
  readonly schedule?: ScheduleFile | undefined;
  /** Where the scheduler's webhook is, as far as the config file names one; a secret. */
  readonly webhook?: WebhookUrl | undefined;
}
