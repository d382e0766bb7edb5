import type { PlannedRelation } from "./rows.ts";
import type { PlannedTable, SortColumn } from "./tables.ts";

/** An index that may make a plan cheaper. */
export interface Candidate {
  readonly relation: PlannedRelation;
  readonly columns: readonly SortColumn[];
}

/** Fewer rows are found without an index as well. */
const leastRows = 1000;

/** How many indexes are tried out for a statement. */
const most = 6;

/**
 * Returns the indexes that may help: first the columns that must be equal to something, then one that must be in a range,
 * or those by which is sorted. None of which there is one already, and none on a small table.
 */
export function candidatesFor(tables: readonly PlannedTable[]): Candidate[] {
  const all = tables
    .filter(({ relation }) => relation.rows >= leastRows && indexable.has(relation.kind))
    .flatMap((table) =>
      columnsFor(table)
        .filter((columns) => !isCovered(columns, table.relation))
        .map((columns): Candidate => ({ relation: table.relation, columns })),
    );
  return [...new Map(all.map((each) => [statementFor(each), each])).values()].slice(0, most);
}

/** Tables, partitioned tables and materialized views. */
const indexable: ReadonlySet<string> = new Set(["r", "p", "m"]);

function columnsFor({ comparisons, sorts }: PlannedTable): SortColumn[][] {
  const columnsOf = (kind: string, isWithValue: boolean): string[] =>
    comparisons
      .filter((each) => each.kind === kind && each.isWithValue === isWithValue)
      .map(({ column }) => column);
  const equal = new Set(columnsOf("equal", true));
  const joined = new Set([...equal, ...columnsOf("equal", false)]);
  const range = columnsOf("range", true).find((column) => !equal.has(column));
  const sort = sorts
    .map((columns) => columns.filter(({ column }) => !equal.has(column)))
    .find((columns) => columns.length > 0 && columns.length <= 3);
  const lists = [
    withoutOrder([...equal, ...(range === undefined ? [] : [range])]),
    [...withoutOrder([...equal]), ...simplified(sort ?? [])],
    withoutOrder([...joined]),
  ];
  return lists.filter(({ length }) => length > 0 && length <= 4);
}

function withoutOrder(columns: readonly string[]): SortColumn[] {
  return columns.map((column) => ({ column, order: "" }));
}

/** An index is read in both directions. */
function simplified(columns: readonly SortColumn[]): readonly SortColumn[] {
  return columns.every(({ order }) => order === " desc")
    ? withoutOrder(columns.map(({ column }) => column))
    : columns;
}

/** True where an index begins with the same columns: then one more would not be used, or hardly. */
function isCovered(columns: readonly SortColumn[], { indexes }: PlannedRelation): boolean {
  const wanted = columns.map(({ column }) => column);
  return indexes.some((present) => {
    const beginning = present.slice(0, wanted.length);
    // Columns that must be equal to something may stand in any order.
    return (
      wanted.every((column) => beginning.includes(column)) && beginning.at(-1) === wanted.at(-1)
    );
  });
}

/** The statement that creates an index, without its name. */
export function statementFor({ relation, columns }: Candidate): string {
  return `create index on ${relation.root} (${columnList({ relation, columns })})`;
}

export function columnList({ relation, columns }: Candidate): string {
  return columns
    .map(({ column, order }) => `${relation.quoted_columns[column] ?? column}${order}`)
    .join(", ");
}
