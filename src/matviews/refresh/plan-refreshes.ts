import type { Database } from "../../db/database.ts";
import { decision } from "../queries.ts";
import type { Mode, RefreshedView } from "../results.ts";
import type { ViewRow } from "../rows.ts";
import { forcedWayFailure } from "./forced-way.ts";
import type { RefreshInput } from "./input.ts";
import { decidedOutcome, hasFailed, outcomeOf } from "./outcome.ts";

/** Returns how each view would be refreshed now; changes nothing. They come in the order of their levels. */
export async function planRefreshes(
  database: Database,
  views: readonly ViewRow[],
  mode: RefreshInput["mode"],
): Promise<RefreshedView[]> {
  const planned: RefreshedView[] = [];
  for (const view of views) {
    const sources = planned.filter((each) => view.needs.includes(each.view));
    const failed = namesOf(sources, (each) => hasFailed(each));
    const after = namesOf(sources, ({ outcome }) => outcome === "planned" || outcome === "depends");
    planned.push(
      failed.length > 0
        ? outcomeOf(view, { outcome: "skipped", reason: "source_failed", after: failed })
        : { ...(await planOne(database, { view, mode, isLater: after.length > 0 })), after },
    );
  }
  return planned;
}

function namesOf(
  views: readonly RefreshedView[],
  isWanted: (view: RefreshedView) => boolean,
): string[] {
  return views.filter(isWanted).map(({ view }) => view);
}

async function planOne(
  database: Database,
  {
    view,
    mode,
    isLater,
  }: {
    readonly view: ViewRow;
    readonly mode: RefreshInput["mode"];
    /** After another one that may change what it reads. */
    readonly isLater: boolean;
  },
): Promise<RefreshedView> {
  const impossible = await forcedWayFailure(database, view, mode);
  if (impossible !== undefined)
    return outcomeOf(view, { outcome: "failed", mode: mode as Mode, failure: impossible });
  const [decided] = await decision(database, { view: view.view, mode });
  if (decided === undefined) throw new Error("The query for a decision returned no row.");
  if (decided.mode !== null) return decidedOutcome(view, decided, "planned");
  const depends = isLater && decided.reason !== "being_refreshed";
  return decidedOutcome(view, decided, depends ? "depends" : "skipped");
}
