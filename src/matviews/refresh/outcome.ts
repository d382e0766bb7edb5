import type { Mode, RefreshedView } from "../results.ts";
import type { Decision, ViewRow } from "../rows.ts";

/** Returns a view of which nothing is known but what `parts` say. */
export function outcomeOf(
  { view, level, needs }: ViewRow,
  parts: Pick<RefreshedView, "outcome"> & Partial<RefreshedView>,
): RefreshedView {
  return {
    view,
    level,
    needs: [...needs],
    mode: null,
    reason: null,
    since: null,
    changesWith: [],
    dueIn: null,
    processId: null,
    after: [],
    rows: null,
    changedRows: null,
    duration: null,
    walBytes: null,
    failure: null,
    ...parts,
  };
}

/** Returns what a decision says; `outcome` is what becomes of the view by it. */
export function decidedOutcome(
  view: ViewRow,
  decided: Decision,
  outcome: RefreshedView["outcome"],
): RefreshedView {
  return outcomeOf(view, {
    outcome,
    mode: decided.mode as Mode | null,
    reason: decided.reason,
    since: decided.reason === "unchanged" ? (decided.since?.toISOString() ?? null) : null,
    changesWith: decided.changes_with,
    dueIn: decided.due_in === null ? null : Math.max(0, Math.round(decided.due_in)),
    processId: decided.reason === "being_refreshed" ? decided.process_id : null,
  });
}

/** True when those that need the view are not to be refreshed because of it. */
export function hasFailed({ outcome, reason }: Pick<RefreshedView, "outcome" | "reason">): boolean {
  return outcome === "failed" || reason === "source_failed";
}
