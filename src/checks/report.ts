import type { Finding, Found, Section, TracedMigration } from "./results.ts";

/** What the sections have found so far, and how long each took. */
export class Report {
  readonly findings: Finding[] = [];
  readonly trace: TracedMigration[] = [];
  readonly #wanted: ReadonlySet<Section>;
  readonly #durations = new Map<Section, number>();
  readonly #obstacles = new Map<Section, string>();
  readonly #notes = new Map<Section, string>();
  readonly #keys = new Map<string, number>();

  constructor(wanted: readonly Section[]) {
    this.#wanted = new Set(wanted);
  }

  wants(section: Section): boolean {
    return this.#wanted.has(section);
  }

  /** Adds what a section has found. Of several that are alike each gets a key of its own. */
  add(section: Section, found: readonly Found[]): void {
    for (const each of found) {
      const key = [section, each.rule, each.location?.file, each.object].filter(Boolean).join(":");
      const count = (this.#keys.get(key) ?? 0) + 1;
      this.#keys.set(key, count);
      this.findings.push({ section, ...each, key: count === 1 ? key : `${key}:${count}` });
    }
  }

  /** Says why a section is left out. */
  leaveOut(section: Section, reason: string): void {
    this.#obstacles.set(section, reason);
  }

  /** Why a section was left out; undefined where it was not. */
  obstacleTo(section: Section): string | undefined {
    return this.#obstacles.get(section);
  }

  /** Says what the reader has to know of a section. */
  note(section: Section, text: string): void {
    this.#notes.set(section, text);
  }

  noteOf(section: Section): string | undefined {
    return this.#notes.get(section);
  }

  /** Counts the time that something takes to a section. */
  async measure<Result>(section: Section, work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      const passed = performance.now() - began;
      this.#durations.set(section, (this.#durations.get(section) ?? 0) + passed);
    }
  }

  /** How long a section took, in milliseconds; undefined where it has not run. */
  durationOf(section: Section): number | undefined {
    const duration = this.#durations.get(section);
    return duration === undefined ? undefined : Math.round(duration);
  }
}
