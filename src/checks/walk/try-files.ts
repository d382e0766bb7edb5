import type { Context, PostgresMajor, ScratchDatabase } from "../../context.ts";
import type { SourceText } from "../../core/source-text.ts";
import { examineSchema } from "../conventions/conventions.ts";
import type { CheckedFiles } from "../files/check-files.ts";
import type { Report } from "../report.ts";
import { examineSnapshot } from "../schema/examine-snapshot.ts";
import { walk } from "./walk.ts";

interface TriedInput extends Pick<CheckedFiles, "migrations" | "tried"> {
  readonly postgres: PostgresMajor | undefined;
  readonly setup: SourceText | undefined;
  readonly seeds: string | undefined;
  readonly report: Report;
}

/** What was tried, and on which server. */
export interface Tried {
  /** Such as "18.4". */
  readonly server: string;
  /** False where a migration, a function or a view could not be applied. */
  readonly isComplete: boolean;
}

/** Builds the database from the files on a server of its own, and looks at it on the way and at the end. */
export async function tryFiles(
  context: Pick<Context, "config" | "withScratchServer" | "findProblems">,
  { postgres, setup, report, ...files }: TriedInput,
): Promise<Tried> {
  return context.withScratchServer({ postgres, setup }, async (server) => {
    let isComplete = false;
    await walk(server, {
      ...files,
      report,
      atEnd: async (scratch) => {
        isComplete = true;
        await lookAtSnapshot(context, report, scratch);
        await lookAtConventions(context, report, scratch);
      },
    });
    return { server: server.version, isComplete };
  });
}

async function lookAtSnapshot(
  { config }: Pick<Context, "config">,
  report: Report,
  { database, serverVersion }: ScratchDatabase,
): Promise<void> {
  if (!report.wants("snapshot")) return;
  const examined = await report.measure("snapshot", async () =>
    examineSnapshot(database, config.project, serverVersion),
  );
  if ("obstacle" in examined) report.leaveOut("snapshot", examined.obstacle);
  else report.add("snapshot", examined.found);
}

async function lookAtConventions(
  { findProblems }: Pick<Context, "findProblems">,
  report: Report,
  { database }: ScratchDatabase,
): Promise<void> {
  if (!report.wants("conventions")) return;
  const found = await report.measure("conventions", async () =>
    examineSchema(database, findProblems),
  );
  report.add("conventions", found);
}
