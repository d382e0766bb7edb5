import type { Output } from "../../output/output.ts";
import { formatDuration, shortName } from "../../output/units.ts";
import type { RefreshedView } from "../results.ts";
import { wayWords } from "../way.view.ts";

/** Says of each view when its refresh begins and how it ended; nothing of one that is skipped. */
export interface RefreshReport {
  begin(view: string): void;
  end(outcome: RefreshedView): void;
  /** The one in hand was stopped. */
  stop(): void;
}

/** One view at a time is a step of a progress; of several at a time only the ends are told, as lines. */
export async function reportRefreshes(output: Output, jobs: number): Promise<RefreshReport> {
  if (jobs > 1) {
    const begun = new Set<string>();
    return {
      begin: (view) => begun.add(view),
      end: (outcome) => {
        if (begun.delete(outcome.view)) output.note(endOf(outcome));
      },
      stop: () => {},
    };
  }
  const progress = await output.progress();
  let isBegun = false;
  return {
    begin: (view) => {
      isBegun = true;
      progress.begin(`Refreshing ${shortName(view)}`);
    },
    end: (outcome) => {
      if (!isBegun) return;
      isBegun = false;
      if (outcome.outcome === "failed") progress.fail();
      else progress.succeed(endOf(outcome));
    },
    stop: () => {
      if (isBegun) progress.fail();
    },
  };
}

function endOf({ view, outcome, mode, duration, failure }: RefreshedView): string {
  const name = shortName(view);
  if (outcome === "failed") return `Failed: ${name}: ${failure?.message ?? ""}`;
  if (outcome !== "refreshed") return `Left ${name} as it is`;
  const way = mode === null ? "" : wayWords[mode];
  return `Refreshed ${name} (${way}, ${formatDuration(duration ?? 0)})`;
}
