import type { JobName } from "../config/schedule-schema.ts";
import type { Maintenance, WorkPlace, WorkReport } from "../context.ts";
import { failureOf } from "../db/failure.ts";
import { count, shortName } from "../output/units.ts";
import { analyzeTable, tablesToAnalyze } from "./queries.ts";
import type { JobSettings } from "./settings.ts";

/** What the jobs need beside the place where they work. */
export interface JobTools {
  readonly maintenance: Maintenance;
  readonly settings: JobSettings;
}

type JobWork = (place: WorkPlace, tools: JobTools) => Promise<WorkReport>;

/** What each job does. */
export const jobWork: Readonly<Record<JobName, JobWork>> = {
  partitions: async (place, { maintenance }) => maintenance.createPartitions(place),
  retire: async (place, { maintenance, settings }) =>
    maintenance.retirePartitions(place, settings.retire),
  views: async (place, { maintenance }) => maintenance.refreshViews(place),
  snapshot: async (place, { maintenance, settings }) =>
    maintenance.takeSnapshot(place, settings.snapshot),
  analyze: async (place) => analyzeTables(place),
  health: async (place, { maintenance, settings }) =>
    maintenance.checkHealth(place, settings.health),
};

/** Each in a transaction of its own; one that is locked does not keep the others from it. */
async function analyzeTables({ database }: WorkPlace): Promise<WorkReport> {
  const tables = await tablesToAnalyze(database);
  const analyzed: string[] = [];
  const failures: string[] = [];
  for (const { parent } of tables) {
    try {
      await analyzeTable(database, { parent });
      analyzed.push(shortName(parent));
    } catch (error) {
      failures.push(`${shortName(parent)}: ${failureOf(error).message}`);
    }
  }
  const done = `Analyzed ${count(analyzed.length, "partitioned table")}: ${analyzed.join(", ")}.`;
  const summary = analyzed.length === 0 ? "No partitioned table has changed." : done;
  return { summary, failures, findings: [] };
}
