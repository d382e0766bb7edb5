import type { OnceJob } from "./results.ts";
import type { Lead } from "./rows.ts";

/** What a scheduler knows of itself. */
export class SchedulerState {
  #role: "leader" | "standby" | "disconnected" = "disconnected";
  #answeredAt = 0;
  readonly #listeners: ((job: OnceJob) => void)[] = [];

  get role(): "leader" | "standby" | "disconnected" {
    return this.#role;
  }

  /** Milliseconds since the server has answered. */
  get silence(): number {
    return performance.now() - this.#answeredAt;
  }

  answered(): void {
    this.#answeredAt = performance.now();
  }

  attends({ leads }: Lead): void {
    this.#role = leads ? "leader" : "standby";
    this.answered();
  }

  disconnected(): void {
    this.#role = "disconnected";
  }

  /** Calls `listener` with each job that has ended. */
  onEnded(listener: (job: OnceJob) => void): void {
    this.#listeners.push(listener);
  }

  ended(job: OnceJob): void {
    for (const listener of this.#listeners) listener(job);
  }
}
