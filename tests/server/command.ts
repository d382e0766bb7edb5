// The program that the tests run as a process of its own, in place of a command of the toolkit.
import { once } from "node:events";

import { serverUrl, startServer, stopServer, withEmbeddedServer } from "../../src/server/server.ts";
import { CliError } from "../../src/core/errors.ts";

const [verb, project = ""] = process.argv.slice(2);

function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function main(): Promise<void> {
  if (verb === "start") say(await startServer(project));
  else if (verb === "stop") say(await stopServer(project));
  else if (verb === "url") say(serverUrl(project));
  else if (verb === "use") await withEmbeddedServer(project, async (connection) => say(connection));
  else if (verb === "hold") {
    await withEmbeddedServer(project, async (connection) => {
      say(connection);
      await once(process.stdin.resume(), "end");
    });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  const { code, message, detail, hint } = error;
  say({ code, message, detail, hint });
  process.exitCode = error.exitCode;
}
