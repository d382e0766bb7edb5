import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./prepare.js";
import { root } from "./root.js";
import { run } from "./run.js";

const program = join(root, "bin", "doramaflix-db.js");
const configFile = "doramaflix-db.json";

/** Installs, builds, starts the embedded server, migrates its database and fills it; returns the exit code. */
export async function quickstart() {
  await prepare();
  const embedded = urlInConfigFile() === undefined;
  const { env, removed } = withoutDatabase(process.env, embedded);
  const cli = async (args, options) =>
    run(process.execPath, [program, ...args, "--project", root], { env, ...options });

  say(embedded ? "Using the embedded server." : `Using the database that "${configFile}" names.`);
  if (removed.length > 0) say(`Left aside: ${removed.join(", ")}.`);

  if (await isInPlace(cli, embedded)) {
    say("Everything is in place already.");
  } else {
    if (embedded && !(await shown(cli, ["server", "start"]))) return 1;
    if (!(await shown(cli, ["migrate"]))) return 1;
  }
  // Leaves a database with rows alone. One that a file names is the user's own to fill.
  if (embedded && !(await shown(cli, ["seed"]))) return 1;
  if (!(await shown(cli, ["status"]))) return 1;
  say(`\n${await whereTheDatabaseIs(cli, embedded)}${whatToTryNext(embedded, removed)}`);
  return 0;
}

function say(text) {
  console.log(text);
}

/** Returns the environment without what would name another database; an address in a file may need the other variables. */
function withoutDatabase(given, embedded) {
  const misleading = embedded
    ? /^(DATABASE_URL(_FILE)?|PG[A-Z_]+)$/
    : /^(DATABASE_URL(_FILE)?|PGSERVICE|PGHOST|PGHOSTADDR)$/;
  const removed = Object.keys(given).filter((name) => misleading.test(name) && given[name] !== "");
  const env = Object.fromEntries(Object.entries(given).filter(([name]) => !removed.includes(name)));
  return { env, removed };
}

/** The program itself says what is wrong with a file that cannot be read. */
function urlInConfigFile() {
  const path = join(root, configFile);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")).url;
  } catch {
    return "";
  }
}

async function isInPlace(cli, embedded) {
  if (embedded) {
    const { output } = await cli(["server", "status", "--json"]);
    if (!/"keptRunning": true/.test(output)) return false;
  }
  const { exitCode } = await cli(["status", "--exit-code"]);
  return exitCode === 0;
}

/** Runs a command where the user sees it; says whether it succeeded. */
async function shown(cli, args) {
  say(`\n$ npx doramaflix-db ${args.join(" ")}`);
  const { exitCode } = await cli(args, { show: true });
  return exitCode === 0;
}

async function whereTheDatabaseIs(cli, embedded) {
  if (!embedded) return "";
  const { output } = await cli(["server", "status", "--json"]);
  const { url } = JSON.parse(output.slice(output.indexOf("{")));
  return `The database is at ${url}
Connect with any client; "server url" prints the address with the password:

  psql "$(npx doramaflix-db server url)"

`;
}

function whatToTryNext(embedded, removed) {
  const lines = [
    ["status", "what is applied, what is pending"],
    ["rollback --dry-run", "what a rollback would take back"],
    ...(embedded ? [] : [["seed", "fill the database with generated data, if it is empty"]]),
    ["new add_ratings", "write the next migration, then: migrate"],
    ["migrate --help", "every command has such a page"],
    ...(embedded ? [["server stop", "stop the server; the data stays"]] : []),
  ];
  const rows = lines.map(([args, what]) => `  npx doramaflix-db ${args.padEnd(20)} ${what}`);
  // Otherwise these commands would go to the database that the quickstart has left alone.
  if (removed.length > 0) rows.unshift(`  unset ${removed.join(" ")}`);
  return `What to try next:\n\n${rows.join("\n")}\n`;
}
