import { quoteIdentifier } from "../../core/identifiers.ts";
import { columnList, statementFor, type Candidate } from "./candidates.ts";
import type { TreeMember } from "./rows.ts";

/**
 * Returns the statements that create an index while the table is written to. For a partitioned table there is no
 * CREATE INDEX CONCURRENTLY: its index begins without those of the partitions, which are built one by one and attached.
 */
export function buildStatements(candidate: Candidate): string[] {
  const { tree, strategy } = candidate.relation;
  if (strategy === null) {
    return [
      `${statementFor(candidate).replace("create index on", "CREATE INDEX CONCURRENTLY ON")};`,
    ];
  }
  const columns = columnList(candidate);
  const named = tree.map((member) =>
    Object.assign({ index: indexName(member, candidate) }, member),
  );
  const byTable = new Map(named.map((member) => [tableName(member), member]));
  return [
    ...named.map((member) =>
      member.isLeaf
        ? `CREATE INDEX CONCURRENTLY ${member.index} ON ${tableName(member)} (${columns});`
        : `CREATE INDEX ${member.index} ON ONLY ${tableName(member)} (${columns});`,
    ),
    ...named.toReversed().flatMap((member) => {
      const parent = byTable.get(member.parent ?? "");
      return parent === undefined
        ? []
        : [
            `ALTER INDEX ${parent.schema}.${parent.index} ATTACH PARTITION ${member.schema}.${member.index};`,
          ];
    }),
  ];
}

function tableName({ schema, name }: TreeMember): string {
  return `${schema}.${name}`;
}

/** The most bytes that a name has. */
const longestName = 63;

/** Makes a name as the server would; one that is too long loses the end of the table's, and keeps what tells it apart. */
function indexName({ name }: TreeMember, { columns }: Candidate): string {
  const table = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  const ending = `_${columns.map(({ column }) => column).join("_")}_idx`;
  const whole = table + ending;
  if (Buffer.byteLength(whole) <= longestName) return quoted(whole);
  const short = shortened(ending, 30);
  return quoted(shortened(table, longestName - Buffer.byteLength(short), true) + short);
}

/** A name that ends with _idx is no keyword. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

/** Cuts a text to so many bytes, at the end or, with `atBeginning`, at the beginning, where partitions are alike. */
function shortened(text: string, bytes: number, atBeginning = false): string {
  const characters = Array.from(text);
  while (Buffer.byteLength(characters.join("")) > bytes) {
    if (atBeginning) characters.shift();
    else characters.pop();
  }
  return characters.join("");
}
