import { visitNodes, type SyntaxNode } from "../core/sql-parser.ts";
import { boundsIn, conjuncts, type Column } from "./batch-conditions.ts";

/** The table that is walked through, and its key; without quotes. */
interface Walked {
  readonly table: string;
  readonly key: string;
}

interface RangeVar {
  readonly relname?: string;
  readonly schemaname?: string;
  readonly alias?: { readonly aliasname?: string };
}

/** A node and its kind, as the parser nests them. */
interface Named {
  readonly kind: string;
  readonly node: SyntaxNode;
}

/**
 * Which parts of a statement are held to the rows of a batch. A query, an UPDATE or a DELETE is, when a condition of its
 * own that nothing outweighs compares the key of the walked table with both bounds; or when its rows come from, or are
 * among those of, a query that is.
 */
export class BatchScopes {
  /** The conditions that hold a part to its batch. */
  readonly conditions: readonly SyntaxNode[];
  /** Whether all that changes rows is held to them. */
  readonly areBounded: boolean;
  readonly #walked: Walked;
  readonly #queries = new Map<string, SyntaxNode>();
  readonly #found = new Set<SyntaxNode>();
  /** Those that are being looked at: one that refers to itself is no reason for itself. */
  readonly #open = new Set<SyntaxNode>();

  constructor(whole: SyntaxNode, walked: Walked) {
    this.#walked = walked;
    const changes: Named[] = [];
    visitNodes(whole, (kind, node) => {
      if (kind === "CommonTableExpr") {
        this.#queries.set(String(node["ctename"]), node["ctequery"] as SyntaxNode);
      }
      if (changesRows.has(kind)) changes.push({ kind, node });
    });
    // All are looked at, because the conditions of each count.
    this.areBounded = changes.map((change) => this.#isBounded(change)).every(Boolean);
    this.conditions = [...this.#found];
  }

  #isBounded({ kind, node }: Named): boolean {
    if (this.#open.has(node)) return false;
    this.#open.add(node);
    const isBounded = this.#isHeld({ kind, node });
    this.#open.delete(node);
    return isBounded;
  }

  #isHeld({ kind, node }: Named): boolean {
    if (kind === "InsertStmt") return this.#isQueryBounded(node["selectStmt"]);
    if (kind === "MergeStmt") return this.#isMergeBounded(node);
    // LIMIT leaves rows of the batch out.
    if (node["limitCount"] !== undefined || node["limitOffset"] !== undefined) return false;
    if (node["larg"] !== undefined) {
      const sides = [node["larg"], node["rarg"]] as readonly SyntaxNode[];
      return sides.map((side) => this.#isBounded({ kind, node: side })).every(Boolean);
    }
    const sources = [
      ...(kind === "SelectStmt" ? [] : [{ RangeVar: node["relation"] }]),
      ...((node["fromClause"] ?? node["usingClause"] ?? []) as readonly SyntaxNode[]),
    ];
    const conditions = [node["whereClause"], ...sources.flatMap(innerConditions)].flatMap(
      (clause) => conjuncts(clause as SyntaxNode | undefined),
    );
    const reasons = [
      this.#hasBounds(sources, conditions),
      ...sources.flatMap(drivingSources).map((source) => this.#isSourceBounded(source)),
      ...conditions.map((condition) => this.#isAmongBounded(condition)),
    ];
    return reasons.some(Boolean);
  }

  /** What has no partner in the batch belongs to other ones. */
  #isMergeBounded(node: SyntaxNode): boolean {
    const isOfOthers = JSON.stringify(node["mergeWhenClauses"]).includes("NOT_MATCHED_BY_SOURCE");
    return this.#isSourceBounded(node["sourceRelation"] as SyntaxNode) && !isOfOthers;
  }

  #isQueryBounded(query: unknown): boolean {
    const [[kind, node] = []] = Object.entries((query ?? {}) as SyntaxNode);
    return kind !== undefined && this.#isBounded({ kind, node: node as SyntaxNode });
  }

  #isSourceBounded({ RangeVar: table, RangeSubselect: query }: SyntaxNode): boolean {
    if (query !== undefined) return this.#isQueryBounded((query as SyntaxNode)["subquery"]);
    const { relname = "", schemaname } = (table ?? {}) as RangeVar;
    return schemaname === undefined && this.#isQueryBounded(this.#queries.get(relname));
  }

  /** IN with a query. */
  #isAmongBounded(condition: SyntaxNode): boolean {
    const { subLinkType, subselect } = (condition["SubLink"] ?? {}) as SyntaxNode;
    return subLinkType === "ANY_SUBLINK" && this.#isQueryBounded(subselect);
  }

  #hasBounds(sources: readonly SyntaxNode[], conditions: readonly SyntaxNode[]): boolean {
    const names = sources.flatMap((source) => this.#namesOfWalked(source));
    if (names.length === 0) return false;
    const column: Column = { name: this.#walked.key, relations: names };
    const found = conditions.filter((condition) => boundsIn(condition, column).length > 0);
    const bounds = new Set(found.flatMap((condition) => boundsIn(condition, column)));
    if (bounds.size < 2) return false;
    for (const condition of found) this.#found.add(condition);
    return true;
  }

  /** Returns the names by which the walked table goes in a source. */
  #namesOfWalked(source: SyntaxNode): string[] {
    const { larg, rarg } = (source["JoinExpr"] ?? {}) as SyntaxNode;
    const sides = [larg, rarg].filter((side) => side !== undefined) as SyntaxNode[];
    const { relname, schemaname, alias } = (source["RangeVar"] ?? {}) as RangeVar;
    const isQuery = schemaname === undefined && this.#queries.has(relname ?? "");
    const isWalked = relname === this.#walked.table && !isQuery;
    const own = isWalked ? [alias?.aliasname ?? relname] : [];
    return [...own, ...sides.flatMap((side) => this.#namesOfWalked(side))];
  }
}

const changesRows: ReadonlySet<string> = new Set([
  "UpdateStmt",
  "DeleteStmt",
  "InsertStmt",
  "MergeStmt",
]);

/** Returns the conditions of joins that leave out what does not fulfil them, as WHERE does. */
function innerConditions(source: SyntaxNode): SyntaxNode[] {
  const { jointype, larg, rarg, quals } = (source["JoinExpr"] ?? {}) as SyntaxNode;
  if (jointype !== "JOIN_INNER") return [];
  const below = [larg, rarg].flatMap((side) => innerConditions(side as SyntaxNode));
  return quals === undefined ? below : [quals as SyntaxNode, ...below];
}

/** Returns the sources without whose rows a join has none. */
function drivingSources(source: SyntaxNode): SyntaxNode[] {
  const join = source["JoinExpr"] as SyntaxNode | undefined;
  if (join === undefined) return [source];
  const sides = { JOIN_INNER: ["larg", "rarg"], JOIN_LEFT: ["larg"], JOIN_RIGHT: ["rarg"] };
  const driving = sides[String(join["jointype"]) as keyof typeof sides] ?? [];
  return driving.flatMap((side) => drivingSources(join[side] as SyntaxNode));
}
