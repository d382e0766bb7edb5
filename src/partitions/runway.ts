import type { Runway } from "../context.ts";
import type { Database } from "../db/database.ts";
import { coveredUntil } from "./coverage.ts";
import { readPolicies } from "./policies.ts";
import { plan } from "./queries.ts";

/** Returns how far the partitions of each table with a policy reach; without their sizes and rows, which take time. */
export async function readRunways(database: Database): Promise<Runway[]> {
  const { policies } = await readPolicies(database, []);
  const now = new Date();
  return Promise.all(
    policies.map(async ({ oid, parent }) => {
      const until = coveredUntil(await plan(database, { parent: oid, ahead: null }), now);
      return { parent, runway: until === undefined ? 0 : Date.parse(until) - now.getTime() };
    }),
  );
}
