import { count } from "../../output/units.ts";
import type { Found } from "../results.ts";
import type { TableData } from "../rows.ts";

type Loss = Pick<Found, "rule" | "level" | "message" | "cure" | "object">;

/** What lay in the tables: before a migration, between its two parts, and after them. */
export interface Data {
  readonly before: readonly TableData[];
  readonly between: readonly TableData[];
  readonly after: readonly TableData[];
}

/** One table before a migration, between its two parts, and after them; undefined where it was not there. */
interface Held {
  readonly earlier: TableData | undefined;
  readonly held: TableData;
  readonly now: TableData | undefined;
}

/** Names what a down part loses of the rows that were there before it. */
export function lossesOf({ before, between, after }: Data): Loss[] {
  const left = new Map(after.map((each) => [each.table, each]));
  const old = new Map(before.map((each) => [each.table, each]));
  return between.flatMap((held) =>
    lossesOfTable({ earlier: old.get(held.table), held, now: left.get(held.table) }),
  );
}

function lossesOfTable(table: Held): Loss[] {
  const { earlier, held, now } = table;
  const lost = held.rows - (now?.rows ?? 0);
  if (lost > 0) return [lostRows(held.table, lost, earlier !== undefined)];
  const columns = lossesOfColumns(table);
  if (columns.length > 0) return columns;
  // Nobody has written to it in between, and yet it is another.
  const isChanged = earlier?.rows === held.rows && earlier.digest !== now?.digest;
  return isChanged && now !== undefined ? [changedRows(held.table)] : [];
}

function lossesOfColumns({ earlier, held, now }: Held): Loss[] {
  const old = earlier?.filled ?? {};
  const left = now?.filled ?? {};
  const known = new Set([...Object.keys(old), ...Object.keys(held.filled)]);
  return [...known].flatMap((column): Loss[] => {
    // The up part may have lost them: the down part has to bring them back.
    const most = Math.max(old[column] ?? 0, held.filled[column] ?? 0);
    const values = most - (left[column] ?? 0);
    const isOld = old[column] !== undefined;
    return values > 0 ? [lostValues(held.table, column, { values, isOld })] : [];
  });
}

function lostRows(table: string, rows: number, isOld: boolean): Loss {
  return isOld
    ? {
        rule: "down-loses-data",
        level: "warning",
        message: `The down part loses ${count(rows, "row")} of a table that was there before the migration.`,
        cure: 'Keep them, or write "-- migrate:irreversible REASON" instead of a down part.',
        object: table,
      }
    : {
        rule: "down-drops-new-data",
        level: "note",
        message: `The down part drops ${count(rows, "row")} written since the migration.`,
        cure: null,
        object: table,
      };
}

function lostValues(
  table: string,
  column: string,
  { values, isOld }: { readonly values: number; readonly isOld: boolean },
): Loss {
  return isOld
    ? {
        rule: "down-loses-data",
        level: "warning",
        message: `The down part loses ${count(values, "value")} of the column "${column}", which was there before the migration.`,
        cure: 'Keep them, or write "-- migrate:irreversible REASON" instead of a down part.',
        object: table,
      }
    : {
        rule: "down-drops-new-data",
        level: "note",
        message: `The down part drops ${count(values, "value")} of the column "${column}", written since the migration.`,
        cure: null,
        object: table,
      };
}

function changedRows(table: string): Loss {
  return {
    rule: "down-loses-data",
    level: "warning",
    message: "After up and down the rows of the table are others than before.",
    cure: 'Restore them in the down part, or write "-- migrate:irreversible REASON" instead of one.',
    object: table,
  };
}
