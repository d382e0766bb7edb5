import type { Views } from "../read-views.ts";
import type { ViewRow } from "../rows.ts";

/**
 * Returns the views to be refreshed, in the order of their levels: those named with all that they need and all that
 * needs them, or all; with `stale` only those about as old as their policy says, with all that they need.
 */
export function selectViews({ all, named }: Views, stale: boolean): readonly ViewRow[] {
  const related = named.size === 0 ? all : family(all, named);
  if (!stale) return related;
  const wanted = withSources(
    all,
    related.filter((view) => view.is_stale).map(({ view }) => view),
  );
  return all.filter(({ view }) => wanted.has(view));
}

function family(all: readonly ViewRow[], named: ReadonlySet<string>): readonly ViewRow[] {
  const sources = withSources(all, named);
  const readers = new Set(named);
  for (const { view, needs } of all) if (needs.some((need) => readers.has(need))) readers.add(view);
  return all.filter(({ view }) => sources.has(view) || readers.has(view));
}

function withSources(all: readonly ViewRow[], names: Iterable<string>): Set<string> {
  const wanted = new Set(names);
  for (const { view, needs } of all.toReversed())
    if (wanted.has(view)) for (const need of needs) wanted.add(need);
  return wanted;
}
