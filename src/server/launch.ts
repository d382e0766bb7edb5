import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { serverFailure, lastLines } from "./failure.ts";
import type { Place } from "./place.ts";
import { findPostmaster, pollInterval, removeStaleLockFile } from "./postmaster.ts";
import { openLog, readLogSince, writePrivateFile } from "./private-file.ts";
import { readIfPresent } from "./read-if-present.ts";
import type { Programs } from "./programs.ts";
import { cannotRun, spawnOptions } from "./run-tool.ts";

/** The server listens on the loopback interface and nowhere else, whatever postgresql.conf says. */
export const host = "127.0.0.1";

/** How an attempt to start ended: "occupied" means that another server on the same data still runs or is just starting. */
export type LaunchOutcome = "ready" | "occupied" | "port taken";

/** Ports that are tried after the remembered one; each was free a moment before. */
const furtherPorts = 4;

/**
 * The lock file is empty for a moment while another command's server writes it. Shared memory is in
 * use while backends outlive a killed postmaster. A command may stop the server as soon as it is ready.
 */
const occupied =
  /lock file .* (already exists|is empty)|pre-existing shared memory block|received \w+ shutdown request/;

/** Starts the server on the port it had last, or on another one if that is taken. */
export async function launch(place: Place, programs: Programs): Promise<LaunchOutcome> {
  removeStaleLockFile(place.dataDirectory);
  const last = Number(readIfPresent(place.portFile));
  let outcome = await launchOn(last > 0 ? last : await findFreePort(), place, programs);
  for (let tries = 0; outcome === "port taken" && tries < furtherPorts; tries += 1) {
    outcome = await launchOn(await findFreePort(), place, programs);
  }
  return outcome;
}

/**
 * Starts the server as a process of its own, which goes on when this process ends. Not with pg_ctl:
 * that passes the path through a shell and looks at the state only ten times a second.
 */
async function launchOn(port: number, place: Place, programs: Programs): Promise<LaunchOutcome> {
  const { account, dataDirectory, logFile } = place;
  const log = openLog(logFile, account);
  const listen = ["-c", `listen_addresses=${host}`, "-c", "unix_socket_directories="];
  const child = spawn(programs.postgres, ["-D", dataDirectory, "-p", String(port), ...listen], {
    ...spawnOptions(account),
    stdio: ["ignore", log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  const life: { ended: boolean; cause?: Error } = { ended: false };
  child.once("exit", () => Object.assign(life, { ended: true }));
  child.once("error", (cause) => Object.assign(life, { ended: true, cause }));
  // The event loop must not wait for the server's end.
  child.unref();
  while (!life.ended) {
    const postmaster = findPostmaster(dataDirectory);
    if (postmaster?.pid === child.pid && postmaster?.status === "ready") {
      writePrivateFile(place.portFile, `${port}\n`, place.owner);
      return "ready";
    }
    await sleep(pollInterval);
  }
  if (life.cause !== undefined) throw cannotRun(programs.postgres, life.cause);
  return classifyFailure(readLogSince(logFile, log.offset), place);
}

/** Reads the reason from the server's log; its messages are in English, because initdb ran under the locale "C". */
function classifyFailure(log: string, place: Place): LaunchOutcome {
  if (/could not bind|could not create any TCP\/IP sockets/.test(log)) return "port taken";
  if (occupied.test(log) || findPostmaster(place.dataDirectory) !== undefined) return "occupied";
  throw serverFailure("The embedded server did not start.", {
    detail: lastLines(log),
    hint: `The whole log is "${place.logFile}". If the data is damaged, restore "${place.folder}" from a backup, or delete it to begin with an empty server.`,
  });
}

/** Lets the system choose; the port is free again when this returns, so that it may be taken before the server has it. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, "listening");
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string")
    throw serverFailure("There is no free port.");
  return address.port;
}
