import { shellWord } from "../../core/shell-quote.ts";
import { formatDay, placeOf, type Period } from "./periods.ts";
import type { Finding, FindingName } from "./results.ts";
import type { FindingRow } from "./rows.ts";

/** What is said of a finding, and what cures it beyond the SQL that the query has written. */
interface Explanation {
  readonly problem: string;
  readonly consequence: string;
  /** The command that cures it, after "doramaflix-db partitions"; without one, the SQL is all there is. */
  readonly command?: string;
}

/** Turns a row into a finding with its sentences. */
export function explain(row: FindingRow): Finding {
  const finding = row.finding as FindingName;
  const { statements = [], ...detail } = row.detail as { readonly statements?: readonly string[] };
  const { problem, consequence, command } = explanations[finding]({ ...row, detail });
  return {
    finding,
    level: row.level as Finding["level"],
    parent: row.parent,
    relation: row.relation,
    problem,
    consequence,
    command:
      command === undefined
        ? null
        : `doramaflix-db partitions ${command} --parent ${shellWord(row.parent)}`,
    statements: [...statements],
    detail,
  };
}

/** Names without the schema "public", which goes without saying, in double quotes. */
function quoted(name: string): string {
  return `"${name.replace(/^public\./, "")}"`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(quoted).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function rowsOf(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}

type Explain = (row: FindingRow) => Explanation;

const coverage = {
  pending_detach: ({ relation, parent }) => ({
    problem: `Partition ${quoted(relation)} of ${quoted(parent)} is half detached.`,
    consequence:
      "Its rows cannot be seen, inserts into its period fail, and no other partition can be detached concurrently.",
    command: "doctor --fix",
  }),
  missing: ({ parent, detail, level }) => {
    const { until, periods } = detail as { until: string | null; periods: readonly Period[] };
    const reach =
      until === null ? "has no partition for any period" : `is covered until ${formatDay(until)}`;
    const what = periods.length === 1 ? "1 partition" : `${periods.length} partitions`;
    return {
      problem: `Table ${quoted(parent)} ${reach}; it lacks ${what} of those that its policy wants.`,
      consequence:
        level === "error"
          ? "The present period is among them: inserts fail now, or go into the catch-all."
          : "When it gets there, inserts fail, or go into the catch-all.",
      command: "doctor --fix",
    };
  },
  hole: ({ parent, detail, level }) => {
    const { from, to, periods } = detail as {
      from: string;
      to: string;
      periods: readonly Period[];
    };
    return {
      problem: `Table ${quoted(parent)} has no partition for ${formatDay(from)} to ${formatDay(to)}, between two others.`,
      consequence:
        level === "note"
          ? "Rows of that time that come late go into the default partition; they get a partition when they are moved."
          : "Rows of that time that come late cannot be inserted.",
      ...(level !== "note" && periods.length > 0 && { command: "doctor --fix" }),
    };
  },
  overlapping: ({ parent, detail }) => {
    const { from, to, reason } = detail as { from: string; to: string; reason: string };
    return {
      problem: `Table ${quoted(parent)} cannot have the partition for ${formatDay(from)} to ${formatDay(to)}: ${reason.replaceAll(/"public\./g, '"')}.`,
      consequence: "Inserts into the rest of that period fail, or go into the catch-all.",
    };
  },
  misaligned: ({ parent, relation, detail }) => {
    const { from, to, granularity } = detail as { from: string; to: string; granularity: string };
    return {
      problem: `Partition ${quoted(relation)} of ${quoted(parent)} has ${placeOf({ from, to })}, which is not one ${granularity} period.`,
      consequence:
        "It is kept until the last of its rows is old enough. Divided, its rows are copied, while nobody reads the table.",
    };
  },
} satisfies Partial<Record<FindingName, Explain>>;

const catchAll = {
  catch_all_rows: ({ parent, relation, detail }) => {
    const { rows, due, timeless, periods, kind } = detail as {
      readonly rows: number;
      readonly due: number;
      readonly timeless: number;
      readonly kind: string;
      readonly periods: readonly (Period & { readonly due: boolean })[];
    };
    const blocked = periods.filter(({ due: isDue }) => isDue).map(({ from }) => formatDay(from));
    const few = blocked.length > 3 ? [...blocked.slice(0, 3), "later ones"] : blocked;
    const parts = [
      ...(due > 0 ? [`${due} of ${few.join(", ")}, whose partitions they block`] : []),
      ...(timeless > 0 ? [`${timeless} whose key is null, infinite or no time`] : []),
      ...(rows > due + timeless
        ? [`${rows - due - timeless} of other periods, for which no partition is wanted`]
        : []),
    ];
    return {
      problem: `The ${kind} partition ${quoted(relation)} of ${quoted(parent)} has ${rowsOf(rows)}: ${parts.join("; ")}.`,
      consequence:
        due > 0
          ? "A period whose rows are there cannot get its partition, and retiring passes the rows over."
          : "They are in nobody's way, and retiring passes them over. Rows without a real time are to be corrected by hand.",
      ...(due > 0 && { command: "doctor --fix" }),
    };
  },
  default_partition: ({ parent, relation }) => ({
    problem: `Table ${quoted(parent)} has a default partition, ${quoted(relation)}.`,
    consequence:
      "With it no partition can be detached concurrently, and each new one locks it for a scan. A tail, from the last " +
      "bound to MAXVALUE, takes the rows of the future as well, and forbids neither.",
  }),
} satisfies Partial<Record<FindingName, Explain>>;

const tables = {
  detached_orphan: ({ parent, relation }) => ({
    problem: `Table ${quoted(relation)} looks like a detached partition of ${quoted(parent)}, and nothing says who detached it.`,
    consequence:
      'Its rows are missing from the table. Attach it again, as here; or drop it, if nobody needs them: "partitions retire" will not.',
  }),
  retired_not_dropped: ({ relation, parent }) => ({
    problem: `Table ${quoted(relation)}, retired from ${quoted(parent)}, is past its grace period and still there.`,
    consequence: "It takes up space.",
    command: "retire --drop",
  }),
  property_drift: ({ parent, detail }) => {
    const { property, item, value, partitions } = detail as {
      readonly property: string;
      readonly item: string;
      readonly value: string;
      readonly partitions: readonly string[];
    };
    const what = [property, item, value].filter((part) => part !== "").join(" ");
    return {
      problem: `${partitions.length} of the partitions of ${quoted(parent)} lack the property "${what}": ${listed(partitions)}.`,
      consequence: drift[property] ?? "They behave differently from the others.",
      command: "doctor --fix",
    };
  },
  parent_not_analyzed: ({ parent, detail }) => ({
    problem:
      Number(detail["known"]) < 0
        ? `Table ${quoted(parent)} has never been analyzed as a whole.`
        : `Table ${quoted(parent)} was analyzed as a whole when it had ${String(detail["known"])} rows; it has about ${String(detail["rows"])}.`,
    consequence:
      "The planner guesses for every query over several partitions. Autovacuum analyzes partitions and never the table above them.",
    command: "doctor --fix",
  }),
  lock_slots: ({ parent, detail }) => ({
    problem:
      `A query on ${quoted(parent)} that is not limited to a few partitions takes ${String(detail["locks"])} locks, ` +
      `of ${String(detail["slots"])} that the server has room for.`,
    consequence:
      'Some of them at once end with "out of shared memory", for whatever session comes next. The setting needs a restart; fewer partitions help as well.',
  }),
  logical_key: ({ parent, detail }) => {
    const { columns, key, keys } = detail as { columns: string[]; key: string; keys?: number };
    const left = `(${columns.join(", ")})`;
    return {
      problem: `The unique key (${columns.join(", ")}, ${key}) of ${quoted(parent)} does not make ${left} unique${
        keys === undefined ? "" : `: ${keys === 0 ? "none is" : `${keys} are`} there more than once`
      }.`,
      consequence: `Rows that are alike but for "${key}" can stand side by side, and ON CONFLICT ${left} is an error. The query finds them.`,
    };
  },
  foreign_key_lock: ({ parent, detail }) => ({
    problem: `Attaching a partition to ${quoted(parent)} locks ${listed(detail["tables"] as string[])} with SHARE ROW EXCLUSIVE.`,
    consequence:
      "A transaction that writes into one of them and stays open holds the partition up, and other writers behind it: keep --lock-timeout short.",
  }),
  name_length: ({ parent, detail }) => ({
    problem: `The names of the partitions of ${quoted(parent)} would have ${String(detail["length"])} bytes in the year 2030, of at most 63.`,
    consequence: `They are cut and get a digest, such as ${quoted(String(detail["name"]))}.`,
  }),
  invalid_index: ({ parent, relation, detail }) => ({
    problem: `Index ${quoted(relation)} of ${quoted(parent)} is not valid: ${listed(detail["partitions"] as string[])} lack it.`,
    consequence:
      "A query over these partitions reads them whole; a unique index that is not valid does not keep all of them unique.",
  }),
} satisfies Partial<Record<FindingName, Explain>>;

const policies = {
  policy_without_table: ({ relation }) => ({
    problem: `A policy is there for a table that is not, of number ${relation}.`,
    consequence: "It does nothing, until a table gets the same number by chance.",
  }),
  policy_invalid: ({ detail }) => {
    const { reason, hint = "" } = detail as { readonly reason: string; readonly hint?: string };
    return {
      problem: reason.replaceAll('"public.', '"'),
      consequence: `Its policy cannot be followed. ${hint}`.trimEnd(),
    };
  },
  no_policy: ({ parent }) => ({
    problem: `Table ${quoted(parent)} is partitioned by time and has no policy.`,
    consequence: "Nothing creates its partitions ahead of time, and nothing looks after them.",
  }),
  conversion_prepared: ({ parent, detail }) => {
    const { column, refusedFrom, isPast } = detail as {
      readonly column: string;
      readonly refusedFrom: string | null;
      readonly isPast: boolean | null;
    };
    const from = refusedFrom === null ? "a moment" : formatDay(refusedFrom);
    return {
      problem: `Table ${quoted(parent)} is prepared to be converted, and refuses rows whose "${column}" is of ${from} or later.`,
      consequence:
        (isPast === true ? "Inserts fail now. " : "Inserts fail from then on. ") +
        'Finish it with "partitions convert --cut-over", or take it back with --undo; the statement lets the rows in.',
    };
  },
} satisfies Partial<Record<FindingName, Explain>>;

const explanations: Readonly<Record<FindingName, Explain>> = {
  ...coverage,
  ...catchAll,
  ...tables,
  ...policies,
};

/** Why a property matters that a partition does not get from its parent by being one. */
const drift: Readonly<Record<string, string>> = {
  owner:
    "The owner of the table cannot alter it any more, because that has to alter its partitions too.",
  privileges: "Who reads the partition by its own name is refused.",
  "row security": "Who reads the partition by its own name sees every row.",
  policy: "Who reads the partition by its own name sees other rows than through the table.",
  "replica identity":
    "Updates and deletes of its rows may be refused, or reach subscribers with other columns.",
  statistics: "The planner knows less of it than the table's settings ask for.",
  "storage parameter": "It is stored and vacuumed otherwise than the policy says.",
};
