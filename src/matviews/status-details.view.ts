import type { Style } from "../output/style.ts";
import { count, formatBytes, formatDuration, shortName } from "../output/units.ts";
import { formatAge, shortMoment, wayReason } from "./reason.view.ts";
import type { ViewStatus } from "./results.ts";
import { wayWords } from "./way.view.ts";

interface Asked {
  /** Say everything, and not only what is remarkable. */
  readonly whole: boolean;
  readonly style: Style;
}

/** Above this bloat a refresh that writes the view anew is worth it. */
const muchBloat = 2;

/** How many times as long as usual a refresh may take without a word. */
const muchLonger = 2;

/** Says, a line each, what there is to say of one view. */
export function detailLines(view: ViewStatus, asked: Asked): string[] {
  return [
    ...failureText(view, asked),
    ...lastRefresh(view, asked),
    ...staleness(view, asked),
    ...changes(view, asked),
    ...sizes(view, asked),
    ...concurrently(view, asked),
    ...swap(view, asked),
    ...place(view, asked),
  ];
}

function failureText({ failures, populated }: ViewStatus, { style }: Asked): string[] {
  const { number, lastError } = failures;
  const unpopulated = populated
    ? []
    : [`${style.bad("It has no data")} and cannot be read: refresh it.`];
  if (number === 0) return unpopulated;
  const times = number === 1 ? "The last refresh failed" : `The last ${number} refreshes failed`;
  return [...unpopulated, `${style.bad(times)}: ${lastError ?? ""}`];
}

function lastRefresh({ lastRefresh: last }: ViewStatus, { whole, style }: Asked): string[] {
  if (last === null) return whole ? ["Never refreshed by the toolkit."] : [];
  const isSlow = isSlowerThanUsual(last);
  if (!whole && !isSlow) return [];
  const way = last.mode === null ? "in an unknown way" : wayWords[last.mode];
  const why = last.reason === null ? "" : ` (${wayReason(last) ?? last.reason})`;
  const text = `Refreshed ${shortMoment(last.at)} UTC by ${last.by}, ${way}${why}${duration(last)}.`;
  return [isSlow ? style.attention(text) : text];
}

type LastRefresh = NonNullable<ViewStatus["lastRefresh"]>;

function isSlowerThanUsual({ duration: took, usualDuration: usual }: LastRefresh): boolean {
  return took !== null && usual !== null && took >= 1000 && took >= usual * muchLonger;
}

function duration({ duration: took, usualDuration: usual, earlier }: LastRefresh): string {
  if (took === null) return "";
  if (usual === null) return `, in ${formatDuration(took)}`;
  const before =
    earlier === 1 ? "the one before it took" : `the median of the ${earlier} before it is`;
  return `, in ${formatDuration(took)}; ${before} ${formatDuration(usual)}`;
}

function staleness({ stale, populated, policy, age }: ViewStatus, { style }: Asked): string[] {
  if (!stale || !populated || policy === null || age === null) return [];
  return [
    `${style.bad("Stale")}: it is to be refreshed every ${formatAge(policy.every)}, and that was ${formatAge(age)} ago.`,
  ];
}

function changes({ changes: found, lastRefresh: last }: ViewStatus, asked: Asked): string[] {
  const { state, alsoWith } = found;
  const also = alsoWith.length === 0 ? [] : [`Changes with ${listed(alsoWith)}, too.`];
  const text = changesText(found);
  if (asked.whole) return [state === "replaced" ? asked.style.attention(text) : text, ...also];
  // Of one that was never refreshed by the toolkit, the view of all says only that.
  if (state === "replaced" || (state === "unknown" && last !== null))
    return [asked.style.attention(text)];
  return [];
}

function changesText({ state, rows, changed, replaced }: ViewStatus["changes"]): string {
  const known = rows === null || rows === 0 ? [] : [`${count(rows, "row")} changed`];
  if (state === "unchanged") return "Nothing has changed in the tables below it since.";
  if (state === "unknown") return "What has changed below it since is unknown.";
  if (state === "changed") return `Below it since: ${known.join("")} (${listed(changed)}).`;
  return `Below it since: ${[`truncated or rewritten: ${listed(replaced)}`, ...known].join("; ")}.`;
}

function sizes({ rows, size, bloat }: ViewStatus, { whole, style }: Asked): string[] {
  const isBloated = bloat !== null && bloat > muchBloat;
  if (!whole && !isBloated) return [];
  const much = bloat === null ? "" : `${bloat.toFixed(1)} times its size when it was written anew`;
  const text = `${rows === null ? "Not analyzed" : count(rows, "row")}, ${formatBytes(size)}`;
  if (!isBloated) return [`${text}${much === "" ? "" : `, ${much}`}.`];
  return [style.attention(`Bloated: ${text}, ${much}. A swap or a plain refresh writes it anew.`)];
}

function concurrently(view: ViewStatus, { whole, style }: Asked): string[] {
  const { concurrentIndex, candidateKeys, swapObstacles } = view;
  if (concurrentIndex !== null)
    return whole ? [`Can be refreshed concurrently, by index ${shortName(concurrentIndex)}.`] : [];
  const isChecked = candidateKeys.some(({ duplicates }) => duplicates !== null);
  if (!whole && !isChecked && swapObstacles.length === 0) return [];
  const first = "Cannot be refreshed concurrently: no unique index on columns alone and all rows.";
  if (candidateKeys.length === 0)
    return [first, "  No column is known to be unique; find some that are so together."];
  const best = candidateKeys.find(({ duplicates }) => duplicates === 0) ?? candidateKeys[0];
  const shown = whole || best === undefined ? candidateKeys : [best];
  return [first, ...shown.flatMap((key) => keyLines(key, style))];
}

function keyLines(
  { createIndex, duplicatesQuery, duplicates }: ViewStatus["candidateKeys"][number],
  style: Style,
): string[] {
  if (duplicates === null)
    return [`  ${createIndex}`, `  after this finds nothing: ${duplicatesQuery}`];
  return duplicates === 0
    ? [`  ${style.good("No duplicates")}: ${createIndex}`]
    : [`  ${style.bad(`${count(duplicates, "value")} repeated`)}, so not: ${createIndex}`];
}

function swap(view: ViewStatus, { whole, style }: Asked): string[] {
  const { swapObstacles, concurrentIndex } = view;
  if (swapObstacles.length === 0) return whole ? ["Can be refreshed by a swap."] : [];
  if (!whole && concurrentIndex !== null) return [];
  return [
    concurrentIndex === null
      ? style.attention("Cannot be swapped either, so a refresh locks readers out:")
      : "Cannot be refreshed by a swap:",
    ...swapObstacles.map((obstacle) => `  ${obstacle}`),
  ];
}

function place({ level, needs }: ViewStatus, { whole }: Asked): string[] {
  if (!whole) return [];
  return [needs.length === 0 ? "Level 0." : `Level ${level}, needs ${listed(needs)}.`];
}

function listed(names: readonly string[]): string {
  return names.map(shortName).join(", ");
}
