import type { Database } from "../db/database.ts";
import { changesBetween, unpaired, type Change } from "./changes.ts";
import type { Moment } from "./moment.ts";
import { keyOf, type Window } from "./reading.ts";
import { kindIn, narrowed, totalOf, windowReport, type Choice } from "./report.ts";
import type { ChangedStatement, Comparison, Note } from "./results.ts";
import type { Server } from "./rows.ts";
import { readDigests, readStoredTexts, readTexts, type KnownText } from "./texts.ts";
import { earlierWindow, type EarlierWindow } from "./windows.ts";

interface Input {
  readonly moment: Moment;
  /** Narrowed to the choice. */
  readonly later: Window;
  readonly choice: Pick<Choice, "database" | "user" | "limit">;
}

/**
 * Compares a window with an earlier one of the same length, from stored snapshots. Throws SNAPSHOT_MISSING, and
 * SERVER_CHANGED where the server was another one within the earlier window.
 */
export async function compare(
  database: Database,
  server: Server,
  { moment, later, choice }: Input,
): Promise<{ readonly comparison: Comparison; readonly notes: Note[] }> {
  const found = await earlierWindow(database, server, { moment, later });
  const earlier = narrowed(found.window, choice);
  const byText = numbersDiffer(found, later, server);
  const digests = await readDigests(database, server, unpaired({ earlier, later, byText }));
  const changes = changesBetween({ earlier, later, digests, byText });
  const texts = await textsOf(database, server, changes);
  const ordinary = changes.filter(({ statement }) => kindIn(texts, statement) === "ordinary");
  return {
    comparison: {
      window: windowReport(earlier, false),
      total: totalOf(earlier),
      statements: mostTelling(ordinary, choice.limit).map((change) => reportOf(change, texts)),
    },
    notes: byText ? [comparedByText] : [],
  };
}

/** What is gone may have a text only where it was stored. */
async function textsOf(
  database: Database,
  server: Server,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, KnownText>> {
  const gone = changes.filter(({ change }) => change === "gone");
  const present = changes.filter(({ change }) => change !== "gone");
  const stored = await readStoredTexts(
    database,
    gone.map(({ statement }) => statement),
  );
  const read = await readTexts(
    database,
    server,
    present.map(({ statement }) => statement),
  );
  return new Map([...stored, ...read]);
}

/** As many of those that cost more, and as many of those that cost less. */
function mostTelling(changes: readonly Change[], limit: number): readonly Change[] {
  const costly = changes.filter(({ addedTime }) => addedTime > 0);
  const saving = changes.filter(({ addedTime }) => addedTime <= 0);
  return [...costly.slice(0, limit), ...saving.slice(Math.max(0, saving.length - limit))];
}

function reportOf(
  { statement, ...rest }: Change,
  texts: ReadonlyMap<string, KnownText>,
): ChangedStatement {
  const { queryId, user, database, isTopLevel } = statement;
  const query = texts.get(keyOf(statement))?.text ?? null;
  return { queryId, user, database, isTopLevel, query, ...rest };
}

/** Servers of another major version give other numbers, and those of another cluster know other tables. */
function numbersDiffer(
  { window: earlier, serverVersion }: EarlierWindow,
  later: Window,
  { version }: Server,
): boolean {
  return (
    earlier.server.systemIdentifier !== later.server.systemIdentifier ||
    Math.floor(serverVersion / 10_000) !== Number.parseInt(version, 10)
  );
}

const comparedByText: Note = {
  name: "compared_by_text",
  message:
    "The server was another one or of another major version then, and numbered statements in another way: they are compared by their texts.",
  cure: null,
};
