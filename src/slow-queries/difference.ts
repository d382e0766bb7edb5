import { CliError } from "../core/errors.ts";
import { counters, type Counts } from "./columns.ts";
import {
  keyOf,
  sumHidden,
  type HiddenStatements,
  type Reading,
  type ServerIdentity,
  type Statement,
  type Window,
} from "./reading.ts";

/**
 * Returns what was counted between two readings of one server. An entry that was evicted or reset in between and came
 * back counts from zero, as does one that is new. Throws SERVER_CHANGED for readings of two servers.
 */
export function difference(first: Reading, second: Reading): Window {
  const relation = compareServers(first.server, second.server);
  if (relation === "other") throw serverChanged(first.server, second.server);
  const [before, after] = seenAlike(first, second);
  const wasReset =
    before.statsReset !== null &&
    after.statsReset !== null &&
    Date.parse(after.statsReset) > Date.parse(before.statsReset);
  const known = new Map(
    wasReset ? [] : before.statements.map((statement) => [keyOf(statement), statement]),
  );
  const kept = new Set(after.statements.map(keyOf));
  return {
    from: wasReset ? after.statsReset : before.takenAt,
    to: after.takenAt,
    source: "sample",
    snapshot: null,
    server: after.server,
    entries: after.entries,
    maxEntries: after.maxEntries,
    statements: after.statements
      .map((statement) => added(known.get(keyOf(statement)), statement))
      .filter(({ calls, plans }) => calls > 0 || (plans ?? 0) > 0),
    hidden: addedHidden(wasReset ? [] : before.hidden, after.hidden),
    evictions: evictionsBetween(wasReset ? null : before.dealloc, after.dealloc),
    wasReset,
    wasRestarted: relation === "restarted",
    vanished: [...known.keys()].filter((key) => !kept.has(key)).length,
  };
}

/**
 * A role that sees less than the one who took the other reading sees sums. What is hidden in one of the readings is
 * summed up in both, so that like is subtracted from like: of others, one sees all statements of a role or none.
 */
function seenAlike(before: Reading, after: Reading): readonly [before: Reading, after: Reading] {
  const hiddenUsers = new Set([...before.hidden, ...after.hidden].map(({ userId }) => userId));
  const isHidden = ({ userId }: Statement): boolean => hiddenUsers.has(userId);
  const hide = (reading: Reading): Reading => ({
    ...reading,
    statements: reading.statements.filter((statement) => !isHidden(statement)),
    hidden: [...reading.hidden, ...sumHidden(reading.statements.filter(isHidden))],
  });
  return hiddenUsers.size === 0 ? [before, after] : [hide(before), hide(after)];
}

/** A reset, and a restart that lost the statistics, begin to count at zero. */
function evictionsBetween(before: number | null, after: number | null): number | null {
  return after === null || before === null || before > after ? after : after - before;
}

function added(before: Statement | undefined, after: Statement): Statement {
  if (before === undefined || isNewLife(before, after)) return after;
  const counts = Object.fromEntries(
    counters.map((counter) => [counter, minus(after[counter], before[counter])]),
  ) as unknown as Counts;
  const squares = minus(after.execSquares, before.execSquares);
  return {
    ...after,
    ...counts,
    // Rounding may leave less than nothing.
    execSquares: squares === null ? null : Math.max(0, squares),
    maxTime: null,
  };
}

/** Since 1.11 the extension says when an entry was made; before, one that has counted less than once is another one. */
function isNewLife(before: Statement, after: Statement): boolean {
  if (before.since !== null && after.since !== null && before.since !== after.since) return true;
  return counters.some((counter) => (after[counter] ?? 0) < (before[counter] ?? 0));
}

/** What only one of the readings knows, because the extension was updated in between, is known of neither. */
function minus(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before;
}

function addedHidden(
  before: readonly HiddenStatements[],
  after: readonly HiddenStatements[],
): HiddenStatements[] {
  const known = new Map(before.map((each) => [ownerOf(each), each]));
  return after.map((each) => {
    const earlier = known.get(ownerOf(each));
    if (earlier === undefined) return each;
    return {
      ...each,
      calls: Math.max(0, each.calls - earlier.calls),
      execTime: Math.max(0, each.execTime - earlier.execTime),
    };
  });
}

function ownerOf({ userId, databaseId }: HiddenStatements): string {
  return `${userId} ${databaseId}`;
}

/**
 * The servers of a cluster share its identifier, and each has statistics of its own; behind one address there may be
 * several, and one server may have several addresses. What has started at the same moment is the same one. What has
 * started anew goes on with its timeline, and a standby that has been promoted begins another one.
 */
export function compareServers(
  before: ServerIdentity,
  after: ServerIdentity,
): "same" | "restarted" | "other" {
  const [one, other] = [before.systemIdentifier, after.systemIdentifier];
  if (one !== null && other !== null && one !== other) return "other";
  if (before.startedAt === after.startedAt) return "same";
  if (Date.parse(after.startedAt) < Date.parse(before.startedAt)) return "other";
  return goesOn(before, after) ? "restarted" : "other";
}

/** Of a standby the timeline does not tell, as it has that of its primary. */
function goesOn(before: ServerIdentity, after: ServerIdentity): boolean {
  if (before.systemIdentifier !== null && before.timeline !== null && after.timeline !== null) {
    return before.timeline === after.timeline;
  }
  return before.address === after.address && before.port === after.port;
}

function serverChanged(before: ServerIdentity, after: ServerIdentity): CliError {
  return new CliError("SERVER_CHANGED", {
    message: "The second reading came from another server than the first.",
    detail: `First ${described(before)}, then ${described(after)}: each server counts its own statements.`,
    hint: "Connect to one server itself, and not to an address behind which there are several.",
  });
}

function described({ address, port, startedAt }: ServerIdentity): string {
  const place = address === "" ? "one at a socket" : `${address}:${port}`;
  return `${place}, started at ${startedAt}`;
}
