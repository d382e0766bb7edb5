import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Runway } from "../context.ts";
import type { Figures, JobRow } from "./rows.ts";
import type { SchedulerState } from "./state.ts";

/** What is read from the database for a scrape. */
export interface Readings {
  readonly runways: readonly Runway[];
  readonly jobs: readonly JobRow[];
  readonly figures: Figures;
}

/** The name of a figure, and what tells its values apart. */
type Named = Readonly<Record<string, string>> & { readonly name: string };

const prefix = "doramaflix_";
const day = 86_400_000;

/** The figures of one scheduler in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #state: SchedulerState;
  readonly #ended: Counter<"job" | "result">;
  readonly #gauges = new Map<string, Gauge>();

  constructor(state: SchedulerState) {
    this.#state = state;
    collectDefaultMetrics({ register: this.#registry, prefix });
    this.#ended = new Counter({
      name: `${prefix}jobs_ended_total`,
      help: "Runs of jobs that this process has ended, by result.",
      labelNames: ["job", "result"],
      registers: [this.#registry],
    });
    state.onEnded(({ job, result }) => {
      this.#ended.inc({ job, result });
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Returns the text; without readings, where the database could not be asked, the figures of the process alone. */
  async text(readings: Readings | undefined): Promise<string> {
    for (const gauge of this.#gauges.values()) gauge.reset();
    this.#set({ name: "database_up" }, "Whether the database could be asked.", readings ? 1 : 0);
    this.#set(
      { name: "scheduler_leads" },
      "Whether this process runs the jobs.",
      this.#state.role === "leader" ? 1 : 0,
    );
    if (readings !== undefined) this.#setAll(readings);
    return this.#registry.metrics();
  }

  #setAll({ runways, jobs, figures }: Readings): void {
    for (const { parent, runway } of runways) {
      const help = "Days from now for which a partitioned table has partitions.";
      this.#set({ name: "partition_runway_days", parent }, help, runway / day);
    }
    this.#set(
      { name: "stale_views" },
      "Materialized views that are older than their policy allows, or have no data.",
      figures.stale_views,
    );
    this.#setStatements(figures);
    for (const job of jobs) this.#setJob(job);
  }

  #setStatements({ statements, calls, seconds }: Figures): void {
    if (statements === null) return;
    this.#set(
      { name: "statements" },
      "Statements of the database in pg_stat_statements.",
      statements,
    );
    this.#set({ name: "statement_calls" }, "Calls of them since the statistics began.", calls ?? 0);
    this.#set(
      { name: "statement_seconds" },
      "Time that their execution took since then.",
      seconds ?? 0,
    );
  }

  #setJob(row: JobRow): void {
    const { job, started_at: startedAt, ended_result: result, ended_seconds: duration } = row;
    const failed = "Runs of a job that failed or were lost.";
    this.#set({ name: "job_failures_24h", job }, failed, row.failed);
    if (startedAt === null) return;
    const started = startedAt.getTime() / 1000;
    this.#set({ name: "job_last_start_timestamp_seconds", job }, "When a job last began.", started);
    const runs = row.ended_at === null && !row.is_abandoned;
    const running = "For how long a job has been running; 0 when it is not.";
    this.#set(
      { name: "job_running_seconds", job },
      running,
      runs ? Math.max(0, Date.now() / 1000 - started) : 0,
    );
    if (duration === null) return;
    const last = "How long its last run took, of those that have ended.";
    this.#set({ name: "job_last_duration_seconds", job }, last, duration);
    const isGood = result === "done" || result === "findings";
    const help = "Whether its last run did all it was to do, of those that have ended.";
    this.#set({ name: "job_last_success", job }, help, isGood ? 1 : 0);
  }

  #set({ name, ...labels }: Named, help: string, value: number): void {
    const gauge =
      this.#gauges.get(name) ??
      new Gauge({
        name: prefix + name,
        help,
        labelNames: Object.keys(labels),
        registers: [this.#registry],
      });
    this.#gauges.set(name, gauge);
    gauge.set(labels, value);
  }
}
