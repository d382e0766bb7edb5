import { quoteIdentifier } from "../../core/identifiers.ts";
import type { ServerError } from "../../db/server-error.ts";
import type { Obstacle } from "./results.ts";

/** What is to be known of a statement that the server would not plan. */
interface Refused {
  readonly error: ServerError;
  /** As whom it was planned. */
  readonly role: string;
  /** Whose statement it is. */
  readonly owner: string | null;
  readonly searchPath: string;
  readonly isTopLevel: boolean;
}

/** Says why the server did not plan a statement, in its words, and what makes it possible. */
export function obstacleOf(refused: Refused): Obstacle {
  const { sqlState, message } = refused.error;
  const rule = rules.find(({ states }) => states.includes(sqlState));
  return {
    name: rule?.name ?? "failed",
    message: `The server did not plan it: ${message}.`,
    cure: rule?.cure(refused) ?? null,
  };
}

interface Rule {
  readonly name: Obstacle["name"];
  /** SQLSTATEs. */
  readonly states: readonly string[];
  readonly cure: (refused: Refused) => string;
}

const byHand = "Put values in the place of $1, $2 and so on, and explain it by hand.";

const rules: readonly Rule[] = [
  {
    // undefined_function stands for operators too.
    name: "unknown_types",
    states: ["42883", "42725", "42P18", "42804", "42846", "42P08", "42601", "22P02", "42P38"],
    cure: ({ searchPath }) =>
      `Without its values, the types are not known, or a function is not in search_path = ${searchPath}. ${byHand}`,
  },
  {
    name: "name_not_found",
    states: ["42P01", "42703", "3F000", "42704"],
    cure: ({ isTopLevel, searchPath }) =>
      isTopLevel
        ? `It was looked for with search_path = ${searchPath}, as role and database have it set; the caller may have set another, your role may not look into its schema, or it was temporary or has been dropped.`
        : "A function ran the statement: the name may be one of its variables.",
  },
  {
    name: "no_right",
    states: ["42501"],
    cure: ({ role, owner }) =>
      owner === null || owner === role
        ? "Connect as a role that may run it."
        : `Connect as role "${owner}", or become a member of it: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(role)};`,
  },
  {
    name: "locked",
    states: ["55P03"],
    cure: () =>
      'Somebody has locked a table of it: "doramaflix-db slow-queries" shows who waits for whom. Try again.',
  },
  {
    name: "timeout",
    states: ["57014"],
    cure: () => "Planning it takes more than ten seconds.",
  },
];
