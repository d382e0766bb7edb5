import { quoteIdentifier } from "../../core/identifiers.ts";
import { count, formatDuration } from "../../output/units.ts";
import { found, ok, type Examine } from "../facts.ts";

/** The newest minor release of each major version when this version of the tool was made. */
const minorReleases: Readonly<Record<number, number>> = { 15: 18, 16: 14, 17: 10, 18: 4 };

const version: Examine = ({ server }) => {
  const name = "server_version";
  const major = Math.floor(server.version_number / 10_000);
  const minor = server.version_number % 10_000;
  const newest = minorReleases[major];
  if (newest === undefined) {
    return found(name, "warning", {
      message: `PostgreSQL ${server.version} is not among the versions that this tool is tested with, 15 to 18.`,
      reason: "What it relies on may be different there.",
      cure: null,
    });
  }
  if (minor >= newest) return ok(name, `PostgreSQL ${server.version}`);
  return found(name, "warning", {
    message: `PostgreSQL ${server.version}; ${major}.${newest} is known to be out.`,
    reason:
      "Minor releases repair faults, some of which lose data, and need no more than a restart.",
    cure: null,
  });
};

const standby: Examine = ({ server: { is_standby: isStandby } }) =>
  isStandby
    ? found("standby", "note", {
        message: "The server is a standby: it takes no changes.",
        reason: "migrate, partitions create and views refresh run on the primary.",
        cure: null,
      })
    : undefined;

const collation: Examine = ({ server }) => {
  const name = "collation_version";
  const { collation_version: recorded, actual_collation_version: actual, database } = server;
  if (recorded === actual) return ok(name, `Encoding ${server.encoding}, locale ${server.locale}`);
  return found(name, "error", {
    message: `The database was sorted with version ${recorded ?? "?"} of its collation, and the system has ${actual ?? "?"}.`,
    reason:
      "Indexes on texts may be in an order that is wrong by now: rows are not found, and unique keys let doubles in.",
    cure: `REINDEX DATABASE CONCURRENTLY ${quoteIdentifier(database)};\nALTER DATABASE ${quoteIdentifier(database)} REFRESH COLLATION VERSION;`,
  });
};

const encoding: Examine = ({ server: { encoding: used } }) =>
  used === "UTF8"
    ? undefined
    : found("encoding", "warning", {
        message: `The encoding of the database is ${used}.`,
        reason: "Only UTF8 holds the names and titles of all languages.",
        cure: null,
      });

/** Beyond this, "the last 15 minutes" of two machines are noticeably different ones. */
const clockTolerance = 2000;

const clock: Examine = ({ clock: { ahead, accuracy } }) => {
  const name = "clock";
  const beyond = Math.abs(ahead) - accuracy;
  if (beyond <= clockTolerance)
    return ok(name, "The clocks of the server and of this machine agree.");
  return found(name, "warning", {
    message: `The server's clock is ${formatDuration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} that of this machine.`,
    reason: "Times in reports, of partitions and of refreshes are the server's.",
    cure: null,
  });
};

const pooler: Examine = ({ pooling }) => {
  const name = "pooler";
  if (pooling === undefined) return ok(name, "The connection leads to the server itself.");
  if (pooling === "session") {
    return ok(name, "The connection leads through a pooler in session mode: all works through it.");
  }
  if (pooling === "unknown") {
    return found(name, "note", {
      message:
        "The connection leads through a pooler, which gave no second session to try out of which kind it is.",
      reason:
        "In session mode all works through it, as long as a command needs one session only: those with --jobs need more.",
      cure: "Give its pool room for two sessions, or connect to the server itself.",
    });
  }
  return found(name, "note", {
    message: `The connection leads through a pooler in ${pooling} mode.`,
    reason: worksThrough[pooling],
    cure: "For those, connect to the server itself, or through a pool with pool_mode = session.",
  });
};

const worksThrough = {
  transaction:
    "What reads works through it: status, slow-queries, health, migrate --dry-run. What holds a lock of its session does not: migrate, rollback, baseline and repair refuse it, and partitions retire and convert would hold theirs for others.",
  statement:
    "What reads with single statements works through it: status, slow-queries, health. What needs a transaction or a lock of its session does not: all that changes the database, and slow-queries --explain.",
} as const;

const encryption: Examine = ({ server, machine }) =>
  server.is_encrypted || machine.isLocal || server.address === ""
    ? undefined
    : found("encryption", "note", {
        message: "The connection is not encrypted.",
        reason: "Whoever is on the way reads along.",
        cure: "Add sslmode=verify-full to the address.",
      });

const connections: Examine = ({ server, settings }) => {
  const limit = settings.get("max_connections")?.number;
  if (limit === null || limit === undefined || server.connections < 0.8 * limit) return undefined;
  return found("connections", "warning", {
    message: `${count(server.connections, "connection")} of ${limit} are in use.`,
    reason: "When all are, nobody gets in but a superuser, and this tool needs up to two.",
    cure: null,
  });
};

export const serverChecks: readonly Examine[] = [
  version,
  standby,
  pooler,
  encryption,
  connections,
  clock,
  collation,
  encoding,
];
