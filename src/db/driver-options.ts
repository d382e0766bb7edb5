import type postgres from "postgres";
import type { ServerConnection } from "../config/schema.ts";

/**
 * Settings of every session, so that a file does the same wherever it is run from: partition bounds and dates depend
 * on TimeZone and DateStyle. They are parameters that connection poolers know.
 */
const sessionParameters = {
  application_name: "doramaflix-db",
  TimeZone: "UTC",
  DateStyle: "ISO, YMD",
  standard_conforming_strings: "on",
};

/** Returns what the driver is to do for a session. */
export function driverOptions(connection: ServerConnection): postgres.Options<{
  bigint: postgres.PostgresType<number>;
  date: postgres.PostgresType<string>;
}> {
  const socket = connection.hosts[0]?.host.startsWith("/") ?? false;
  return {
    // The driver takes arrays for several hosts; its types know of one only.
    host: connection.hosts.map(({ host }) => host) as unknown as string,
    port: connection.hosts.map(({ port }) => port) as unknown as number,
    ...(socket && { path: socketPath(connection) }),
    database: connection.database,
    user: connection.user,
    pass: connection.password ?? "",
    ssl: socket ? false : connection.tls,
    connect_timeout: connection.connectTimeout,
    ...(connection.targetSessionAttributes !== "any" && {
      target_session_attrs: connection.targetSessionAttributes,
    }),
    connection: {
      ...sessionParameters,
      ...(connection.options !== undefined && { options: connection.options }),
    },
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    // Costs a round trip, for array types that no query of ours returns.
    fetch_types: false,
    prepare: false,
    types: {
      // Counts, sizes and identifiers: all below 2^53.
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      // A calendar date has no time of day, so it cannot be a Date.
      date: { to: 1082, from: [1082], parse: String, serialize: String },
    },
  };
}

function socketPath({ hosts }: ServerConnection): string | undefined {
  const [first] = hosts;
  return first && `${first.host}/.s.PGSQL.${first.port}`;
}
