import { quoteIdentifier } from "../core/identifiers.ts";
import { count } from "../output/units.ts";
import type { Window } from "./reading.ts";
import { hiddenSum, totalOf, type Choice } from "./report.ts";
import type { Note } from "./results.ts";
import type { Server, Session } from "./rows.ts";

/** What must be known to read the statements of a window rightly; the window is narrowed to the choice. */
export function notesOn(window: Window, server: Server, choice: Pick<Choice, "sort">): Note[] {
  return [
    nothingCounted(server),
    ...betweenReadings(window),
    hiddenStatements(window, server),
    evictions(window),
    oldExtension(server),
    ...notMeasured(window, server, choice),
  ].filter((note) => note !== undefined);
}

/** What must be known of a snapshot. */
export function notesOnSnapshot(hidden: number, server: Server): Note[] {
  const notes = [nothingCounted(server), oldExtension(server)].filter((note) => note !== undefined);
  if (hidden === 0) return notes;
  return [
    ...notes,
    {
      name: "hidden_statements",
      message: `${count(hidden, "statement")} of other roles ${hidden === 1 ? "is" : "are"} hidden from role "${server.user}": of ${hidden === 1 ? "it" : "them"} only sums are stored.`,
      cure: grant(server),
    },
  ];
}

function nothingCounted({ settings }: Server): Note | undefined {
  const name = "nothing_counted";
  if (settings["pg_stat_statements.track"] === "none") {
    return {
      name,
      message: "pg_stat_statements.track is none, so no statement is counted.",
      cure: setting("pg_stat_statements.track", "top"),
    };
  }
  if (settings["compute_query_id"] !== "off") return undefined;
  return {
    name,
    message:
      "compute_query_id is off, so no statement is counted, unless another module gives numbers.",
    cure: setting("compute_query_id", "auto"),
  };
}

/** Who may change settings of the server is a superuser. */
function setting(name: string, value: string): string {
  return `ALTER SYSTEM SET ${name} = ${value};\nSELECT pg_reload_conf();`;
}

function betweenReadings(window: Window): Note[] {
  const { wasReset, wasRestarted, vanished, from, source, evictions: knownEvictions } = window;
  // The time of the last reset, which tells, is as old as the count of evictions.
  const wasKept = !wasReset && knownEvictions !== null;
  const first = source === "snapshot" ? "snapshot" : "first reading";
  const notes: (Note | false)[] = [
    wasReset && {
      name: "reset",
      message: `The statistics were reset meanwhile: the figures begin at ${from ?? "?"}.`,
      cure: null,
    },
    wasRestarted && {
      name: "restart",
      message: wasKept
        ? "The server was restarted meanwhile, and has kept its statistics."
        : "The server was restarted meanwhile: what ran before that may be missing from the figures.",
      cure: null,
    },
    vanished > 0 && {
      name: "vanished",
      message: `${count(vanished, "statement")} of the ${first} ${vanished === 1 ? "is" : "are"} gone since, and with that what ${vanished === 1 ? "it" : "they"} cost meanwhile.`,
      cure: null,
    },
  ];
  return notes.filter((note) => note !== false);
}

function hiddenStatements(window: Window, server: Server): Note | undefined {
  const { statements, execTime } = hiddenSum(window.hidden);
  if (statements === 0) return undefined;
  const total = totalOf(window).execTime;
  const share = total > 0 ? Math.round((100 * execTime) / total) : 0;
  return {
    name: "hidden_statements",
    message: `${count(statements, "statement")} of other roles ${statements === 1 ? "is" : "are"} hidden from role "${server.user}", with ${share}% of the time.`,
    cure: grant(server),
  };
}

function grant({ user }: Server): string {
  return `GRANT pg_read_all_stats TO ${quoteIdentifier(user)};`;
}

function evictions({ evictions: times, maxEntries, source }: Window): Note | undefined {
  if (times === null || times === 0) return undefined;
  return {
    name: "evictions",
    message: `Statements were evicted ${times === 1 ? "once" : `${times} times`} to make room${source === "reset" ? "" : " meanwhile"} (pg_stat_statements.max is ${maxEntries ?? "?"}): this may miss rare queries.`,
    cure: `ALTER SYSTEM SET pg_stat_statements.max = ${2 * (maxEntries ?? 5000)}; -- and restart the server`,
  };
}

function oldExtension(server: Server): Note | undefined {
  const { extension_version: installed, available_version: available } = server;
  if (available === null || installed === available) return undefined;
  return {
    name: "old_extension",
    message: `The extension pg_stat_statements is of version ${installed ?? "?"}, and the server has ${available}: it shows less than the server counts.`,
    cure: "ALTER EXTENSION pg_stat_statements UPDATE;",
  };
}

/** What is sorted by has to be measured. */
function notMeasured(
  { statements }: Window,
  { settings }: Server,
  { sort }: Pick<Choice, "sort">,
): Note[] {
  if (sort === "planning" && settings["pg_stat_statements.track_planning"] === "off") {
    return [
      {
        name: "track_planning",
        message:
          "pg_stat_statements.track_planning is off: how long planning takes is not measured.",
        cure: setting("pg_stat_statements.track_planning", "on"),
      },
    ];
  }
  if (sort === "io" && settings["track_io_timing"] === "off") {
    return [
      {
        name: "track_io_timing",
        message:
          "track_io_timing is off: how long reading and writing take is not measured, and blocks are counted instead.",
        cure: setting("track_io_timing", "on"),
      },
    ];
  }
  const needed = { planning: "planTime", wal: "walBytes" } as const;
  const counter = sort === "planning" || sort === "wal" ? needed[sort] : undefined;
  if (counter === undefined || statements.every((each) => each[counter] !== null)) return [];
  return [
    {
      name: "not_counted",
      message: `This version of the extension does not show what --sort ${sort} sorts by.`,
      cure: null,
    },
  ];
}

/** What must be known of the sessions that are shown. */
export function notesOnSessions(
  sessions: readonly Session[],
  server: Server,
  isGranted: boolean,
): Note[] {
  const notes: Note[] = [];
  const hidden = sessions.filter((session) => isHidden(session)).length;
  if (hidden > 0 && !server.reads_all_statistics) {
    notes.push({
      name: "hidden_sessions",
      message: `What ${count(hidden, "session")} of other roles ${hidden === 1 ? "does" : "do"} is hidden from role "${server.user}".`,
      cure: isGranted ? null : grant(server),
    });
  }
  if (server.settings["track_activities"] === "off") {
    notes.push({
      name: "no_activity",
      message: "track_activities is off: what the sessions run is not known.",
      cure: setting("track_activities", "on"),
    });
  }
  return notes;
}

/** True for a session whose state may not be seen. */
export function isHidden({ state }: Session): boolean {
  return state === null;
}
