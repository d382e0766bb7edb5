import { found, type Examine, type Facts } from "../facts.ts";
import type { Setting } from "../rows.ts";

/** A setting whose value is wrong or could be better, whatever the machine. */
interface Rule {
  readonly setting: string;
  readonly level: "note" | "warning" | "error";
  readonly isWrong: (value: string, number: number, facts: Facts) => boolean;
  /** What ALTER SYSTEM should set; nothing where that is for its user to say. */
  readonly wanted?: string;
  readonly reason: string;
}

const isOff = (value: string): boolean => value === "off";

const rules: readonly Rule[] = [
  {
    setting: "fsync",
    level: "error",
    isWrong: isOff,
    wanted: "on",
    reason: "After a crash of the machine the whole cluster may be lost.",
  },
  {
    setting: "full_page_writes",
    level: "error",
    isWrong: isOff,
    wanted: "on",
    reason: "A page that was half written when the machine stopped cannot be repaired.",
  },
  {
    setting: "autovacuum",
    level: "error",
    isWrong: isOff,
    wanted: "on",
    reason:
      "Tables grow without end, plans are made from old figures, and at last the server stops to save transaction numbers.",
  },
  {
    setting: "track_counts",
    level: "error",
    isWrong: isOff,
    wanted: "on",
    reason: "Autovacuum and views refresh know by it what has changed.",
  },
  {
    setting: "synchronous_commit",
    level: "warning",
    isWrong: isOff,
    reason: "What was committed in the last half second is lost in a crash.",
  },
  {
    setting: "password_encryption",
    level: "warning",
    isWrong: (value) => value === "md5",
    wanted: "scram-sha-256",
    reason: "MD5 passwords can be used by whoever reads them, and go away after PostgreSQL 18.",
  },
  {
    setting: "data_checksums",
    level: "note",
    isWrong: isOff,
    reason:
      "A page that the disk has damaged is not noticed. pg_checksums --enable turns them on while the server is down.",
  },
  {
    setting: "track_activities",
    level: "warning",
    isWrong: isOff,
    wanted: "on",
    reason: "Nobody can see what runs, or who blocks whom.",
  },
  {
    setting: "track_io_timing",
    level: "note",
    isWrong: isOff,
    wanted: "on",
    reason:
      "slow-queries cannot tell which statements wait for the disk. pg_test_timing says what it costs: next to nothing on present machines.",
  },
  {
    setting: "log_lock_waits",
    level: "note",
    isWrong: isOff,
    wanted: "on",
    reason: "The log does not say who waited for whom for longer than a second.",
  },
  {
    setting: "track_activity_query_size",
    level: "note",
    isWrong: (_value, number) => number < 4096,
    wanted: "4kB",
    reason: "Longer statements are seen cut while they run.",
  },
  {
    setting: "idle_in_transaction_session_timeout",
    level: "note",
    isWrong: (_value, number) => number === 0,
    wanted: "10min",
    reason:
      "A session that was forgotten in a transaction holds its locks, and rows that nobody needs, without end.",
  },
  {
    setting: "checkpoint_completion_target",
    level: "note",
    isWrong: (_value, number) => number < 0.9,
    wanted: "0.9",
    reason:
      "Checkpoints write in a shorter time than they could, and everybody waits for the disk.",
  },
  {
    setting: "max_wal_size",
    level: "note",
    isWrong: (_value, number, { machine }) =>
      number <= 2 ** 30 && (machine.memoryBytes ?? 0) >= 4 * 2 ** 30,
    wanted: "4GB",
    reason:
      "Heavy writing forces checkpoints before their time; after each, whole pages are logged again.",
  },
  {
    setting: "random_page_cost",
    level: "note",
    isWrong: (_value, number) => number > 2,
    wanted: "1.1",
    reason: "4 is the cost on spinning disks; on SSDs it keeps the planner from using indexes.",
  },
  {
    setting: "effective_io_concurrency",
    level: "note",
    // From 18 the default is 16, which suits SSDs.
    isWrong: (_value, number) => number <= 1,
    wanted: "200",
    reason: "1 is for spinning disks; SSDs answer many reads at once.",
  },
  {
    setting: "max_parallel_workers_per_gather",
    level: "note",
    isWrong: (_value, number, { machine }) => number === 0 && (machine.processors ?? 1) > 1,
    wanted: "2",
    reason: "Large reports use one processor only.",
  },
];

/** One check for each rule, which is silent where all is well. */
export const settingChecks: readonly Examine[] = rules.map(
  ({ setting: name, level, isWrong, wanted, reason }): Examine =>
    (facts) => {
      const setting = facts.settings.get(name);
      if (setting === undefined || !isWrong(setting.value, setting.number ?? 0, facts)) {
        return undefined;
      }
      return found(name, level, {
        message: `${name} is ${setting.value}.`,
        reason,
        cure: wanted === undefined ? null : changeStatements(setting, wanted),
      });
    },
);

/** The statements that change a setting for the whole server; a reload or a restart must follow. */
export function changeStatements({ name, context }: Setting, value: string): string {
  const change = `ALTER SYSTEM SET ${name} = '${value}';`;
  return context === "postmaster"
    ? `${change} -- and restart the server`
    : `${change}\nSELECT pg_reload_conf();`;
}

/** A setting that was changed and waits for a restart. */
export function pendingRestarts({ settings }: Facts): ReturnType<Examine> {
  const pending = [...settings.values()].filter((each) => each.pending_restart);
  if (pending.length === 0) return undefined;
  return found("pending_restart", "warning", {
    message: `The server has to be restarted before these settings hold: ${pending.map(({ name }) => name).join(", ")}.`,
    reason: "What the configuration file says is not what the server does.",
    cure: null,
  });
}
