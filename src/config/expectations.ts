import type { ConfigInputs } from "./inputs.ts";
import type { Problem } from "./problems.ts";
import type { Expectations } from "./schema.ts";

const environmentVariable = "DORAMAFLIX_DB_ENVIRONMENT";

/** Returns what the user says of the database that is to be changed. */
export function readExpectations(
  { flags, env }: Pick<ConfigInputs, "flags" | "env">,
  problems: Problem[],
): Expectations {
  const database = flags.expectDatabase;
  if (database === "") {
    problems.push({
      message: 'The value of "--expect-database" is empty.',
      hint: "Give the database's name, or leave the option out.",
    });
  }
  const fromFlag = flags.environment !== undefined;
  const environment = flags.environment ?? (env[environmentVariable] || undefined);
  if (environment !== undefined && !/^[a-z0-9][a-z0-9._-]{0,62}$/i.test(environment)) {
    problems.push({
      message: `"${environment}" from "${fromFlag ? "--environment" : environmentVariable}" is not the name of an environment.`,
      hint: 'Use letters, digits, ".", "_" and "-": production, staging-2.',
    });
  }
  return { database, environment };
}
