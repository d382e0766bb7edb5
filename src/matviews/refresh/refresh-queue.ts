import type { RefreshedView } from "../results.ts";
import type { ViewRow } from "../rows.ts";
import { hasFailed, outcomeOf } from "./outcome.ts";

/** Hands views to several sessions, each as soon as all that it needs are done, and collects what became of them. */
export class RefreshQueue {
  readonly #views: readonly ViewRow[];
  readonly #waiting: ViewRow[];
  readonly #inHand = new Set<string>();
  readonly #outcomes = new Map<string, RefreshedView>();
  #wakers: (() => void)[] = [];
  #reason: unknown = undefined;

  /** They come in the order of their levels. */
  constructor(views: readonly ViewRow[]) {
    this.#views = views;
    this.#waiting = [...views];
  }

  /** What ended the run before its end; undefined when nothing did. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Waits until a view can begin, and returns it; undefined when there is none left. */
  async next(): Promise<ViewRow | undefined> {
    while (this.#reason === undefined && this.#waiting.length > 0) {
      const ready = this.#waiting.findIndex(
        ({ needs }) => !needs.some((need) => this.#isOpen(need)),
      );
      // Views that need each other, by a function that was replaced, would wait for each other for ever.
      const place = ready === -1 && this.#inHand.size === 0 ? 0 : ready;
      const view = this.#waiting[place];
      if (view === undefined) {
        await new Promise<void>((resolve) => this.#wakers.push(resolve));
        continue;
      }
      this.#waiting.splice(place, 1);
      const failed = view.needs.filter((need) => this.#hasFailed(need));
      if (failed.length === 0) {
        this.#inHand.add(view.view);
        return view;
      }
      this.settle(outcomeOf(view, { outcome: "skipped", reason: "source_failed", after: failed }));
    }
    return undefined;
  }

  settle(outcome: RefreshedView): void {
    this.#outcomes.set(outcome.view, outcome);
    this.#inHand.delete(outcome.view);
    this.#wake();
  }

  /** Hands out no other view; those in hand go on to their end. */
  stop(reason: unknown): void {
    this.#reason ??= reason;
    this.#wake();
  }

  /** Returns what became of each view, in the order of their levels. */
  outcomes(): RefreshedView[] {
    return this.#views.map(
      (view) => this.#outcomes.get(view.view) ?? outcomeOf(view, { outcome: "not begun" }),
    );
  }

  #isOpen(need: string): boolean {
    return !this.#outcomes.has(need) && this.#views.some(({ view }) => view === need);
  }

  #hasFailed(need: string): boolean {
    const outcome = this.#outcomes.get(need);
    return outcome !== undefined && hasFailed(outcome);
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
