import type { Context, CreatedPartitions } from "../context.ts";
import type { Database } from "../db/database.ts";
import { createMissing, type CreateInput } from "./create-missing.ts";
import { defaultPatience } from "./lock-patience.ts";
import { requirePrimary } from "../db/primary.ts";
import { readPolicies } from "./policies.ts";
import type { CreateResult } from "./results.ts";

/** Creates the partitions that the named tables lack, or all tables with a policy. */
export async function createPartitions(
  { output, signal, withDatabase }: Context,
  { parents, ...input }: CreateInput & { readonly parents: readonly string[] },
): Promise<CreateResult> {
  return withDatabase(async (database) => {
    const found = await readPolicies(database, parents);
    requirePrimary({ database: found.name, standby: found.isStandby });
    const created = await createMissing({ database, output, signal }, found.policies, input);
    return { database: found.name, parents: created };
  });
}

/** Does the same for all tables with a policy as a part of another command, which has its own session. */
export async function createWanted(
  { output, signal }: Pick<Context, "output" | "signal">,
  database: Database,
): Promise<CreatedPartitions> {
  const { policies } = await readPolicies(database, []);
  const input = { fillHoles: false, patience: defaultPatience };
  const parents = await createMissing({ database, output, signal }, policies, input);
  return {
    created: parents.flatMap(({ created }) => created.map(({ partition }) => partition)),
    failed: parents.flatMap(({ parent, failed }) =>
      failed.map(({ message, hint }) => ({ parent, message, hint })),
    ),
  };
}
