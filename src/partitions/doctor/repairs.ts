import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import type { Examination } from "./examine.ts";
import type { Period } from "./periods.ts";
import type { Finding, Repair } from "./results.ts";

/** A period for which a partition is to be created, and how many rows of the catch-all belong into it. */
interface DuePeriod extends Period {
  readonly statement: string;
  readonly rows?: number;
  readonly due?: boolean;
}

/** What is known of how long moving rows takes. */
interface Pace {
  /** For each row, in milliseconds. */
  readonly row: number;
  /** For each row while readers wait, in milliseconds. */
  readonly rowForReaders: number;
  /** How long it took to read the catch-all, in milliseconds. */
  readonly scan: number;
}

/** A sample is moved between temporary tables with small indexes and without a log; a real row takes about three times as long. */
const realRow = 3;

/** How long ATTACH checks a row for each foreign key of the table, in milliseconds: 1.1 s for 3 million. */
const foreignKeyCheck = 0.0004;

/** Plans what cures the findings, table by table: detaching first, then periods in their order, then the rest. */
export async function planRepairs(
  database: Database,
  { findings, scans }: Pick<Examination, "scans"> & { readonly findings: readonly Finding[] },
): Promise<Repair[]> {
  const parents = new Set(findings.map(({ parent }) => parent));
  const repairs: Repair[] = [];
  for (const parent of parents) {
    const own = findings.filter((finding) => finding.parent === parent);
    repairs.push(
      ...simple(own, "pending_detach", "finalize detach").map(recorded),
      ...(await periodRepairs(database, own, scans.get(parent) ?? 0)),
      ...simple(own, "property_drift", "set property"),
      ...simple(own, "parent_not_analyzed", "analyze"),
    );
  }
  return repairs;
}

/** Completes the detaching by the function that also records it where the toolkit had begun it. */
function recorded(repair: Repair): Repair {
  const statement = `select public.finalize_detach('${repair.object.replaceAll("'", "''")}')`;
  return Object.assign(repair, { statement });
}

/** One repair for each statement of the findings of a name. */
function simple(
  findings: readonly Finding[],
  name: Finding["finding"],
  action: Repair["action"],
): Repair[] {
  return findings
    .filter(({ finding }) => finding === name)
    .flatMap(({ parent, relation, statements, detail }) => {
      const partitions = (detail["partitions"] ?? []) as readonly string[];
      return statements.map((statement, place) =>
        planned({ action, parent, object: partitions[place] ?? relation, statement }),
      );
    });
}

/** In their order: where a tail takes the rows, a period can only be created when all before it are. */
async function periodRepairs(
  database: Database,
  findings: readonly Finding[],
  scan: number,
): Promise<Repair[]> {
  const periods = duePeriods(findings).toSorted((one, other) => one.from.localeCompare(other.from));
  const strays = findings.find(({ finding, level }) => isOfStrays(finding) && level === "error");
  const pace = strays && (await paceOf(database, strays, scan));
  return periods.map((period) => periodRepair(findings[0]?.parent ?? "", period, pace));
}

function isOfStrays(finding: Finding["finding"]): boolean {
  return finding === "catch_all_rows";
}

/**
 * Each period once; one with rows to be moved is among the missing ones as well. A hole that is a note is none: a single
 * row from long ago would make a partition of each period since.
 */
function duePeriods(findings: readonly Finding[]): DuePeriod[] {
  const periods = findings
    .filter(
      ({ finding, level }) =>
        finding === "missing" || isOfStrays(finding) || (finding === "hole" && level !== "note"),
    )
    .toSorted((one, other) => Number(isOfStrays(one.finding)) - Number(isOfStrays(other.finding)))
    .flatMap(({ detail }) => detail["periods"] as readonly DuePeriod[])
    .filter(({ due }) => due !== false);
  return [...new Map(periods.map((period) => [period.from, period])).values()];
}

function periodRepair(
  parent: string,
  { from, statement, rows }: DuePeriod,
  pace: Pace | undefined,
): Repair {
  const step = { parent, object: from.slice(0, 10), statement };
  if (rows === undefined) return planned({ ...step, action: "create partition" });
  const repair = { ...planned({ ...step, action: "move rows" }), rows };
  if (pace === undefined) return repair;
  return {
    ...repair,
    predicted: Math.round(pace.scan + rows * pace.row),
    predictedForReaders: Math.round(pace.scan + rows * pace.rowForReaders),
  };
}

/** Moves a sample to see how long that takes; undefined where the server refuses it, as it then will the move. */
async function paceOf(
  database: Database,
  { parent, detail }: Finding,
  scan: number,
): Promise<Pace | undefined> {
  try {
    const [row] = await database.query(
      "select * from public.sample_move($1::pg_catalog.regclass)",
      [parent],
    );
    const { rows, milliseconds } = row as { rows: number; milliseconds: number };
    return {
      row: (milliseconds / Math.max(1, rows)) * realRow,
      rowForReaders: Number(detail["foreign_keys"]) * foreignKeyCheck,
      scan,
    };
  } catch (error) {
    if (error instanceof ServerError) return undefined;
    throw error;
  }
}

function planned(step: Pick<Repair, "action" | "parent" | "object" | "statement">): Repair {
  return {
    ...step,
    rows: null,
    predicted: null,
    predictedForReaders: null,
    outcome: "planned",
    duration: null,
    failure: null,
  };
}
