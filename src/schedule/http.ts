import { createServer, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, Maintenance } from "../context.ts";
import type { Log } from "./log.ts";
import { Metrics, type Readings } from "./metrics.ts";
import { figures, jobs } from "./queries.ts";
import type { ScheduleSettings } from "./settings.ts";
import type { SchedulerState } from "./state.ts";

/** How long the server may not have answered before the process counts as not ready, in milliseconds. */
const readyWithin = 10_000;

/** How long readings are used again, in milliseconds, so that nobody burdens the database by asking often. */
const readingsLast = 5000;

/** How long a scrape waits for the database, in milliseconds: less than Prometheus waits for the scrape, which is 10 s. */
const answersWithin = 5000;

/** How often a port is tried again that another process has, in milliseconds. */
const retryEvery = 10_000;

interface Served {
  readonly context: Context;
  readonly maintenance: Maintenance;
  readonly state: SchedulerState;
  readonly log: Log;
}

/** Serves /healthz, /readyz and /metrics; what goes wrong there keeps no job from running. Returns what ends it. */
export function serveHttp({ host, port }: ScheduleSettings["http"], served: Served): () => void {
  if (port === undefined) return () => {};
  const { log, state } = served;
  const metrics = new Metrics(state);
  const read = remembered(served);
  const server = createServer((request, response) => {
    // Not as a URL: "//" is none, and whoever can ask must not be able to end the process.
    const [path] = (request.url ?? "/").split("?");
    if (request.method !== "GET" && request.method !== "HEAD")
      send(response, 405, "GET and HEAD only");
    else if (path === "/healthz") send(response, 200, "ok");
    else if (path === "/readyz") send(response, isReady(state) ? 200 : 503, state.role);
    else if (path === "/metrics") void sendMetrics(response, metrics, read);
    else send(response, 404, "There are /healthz, /readyz and /metrics.");
  });
  return listen(server, { host, port }, log);
}

function isReady({ role, silence }: SchedulerState): boolean {
  return role !== "disconnected" && silence < readyWithin;
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

async function sendMetrics(
  response: ServerResponse,
  metrics: Metrics,
  read: () => Promise<Readings | undefined>,
): Promise<void> {
  try {
    const text = await metrics.text(await read());
    response.writeHead(200, { "content-type": metrics.contentType }).end(text);
  } catch (error) {
    send(response, 500, error instanceof Error ? error.message : String(error));
  }
}

/** Returns what reads the figures in a session of its own, once for all who ask at the same time. */
function remembered({ context, maintenance, log }: Served): () => Promise<Readings | undefined> {
  let readings: Promise<Readings | undefined> | undefined;
  return async () => {
    readings ??= context
      .withDatabase(async (database) => ({
        runways: await maintenance.readRunways(database),
        jobs: await jobs(database),
        figures: await firstOf(figures(database)),
      }))
      .catch((error: unknown) => {
        const message = `The figures could not be read: ${error instanceof Error ? error.message : String(error)}`;
        log({ event: "http", level: "warning", message });
        return undefined;
      })
      .finally(() => {
        setTimeout(() => (readings = undefined), readingsLast).unref();
      });
    // A server that is silent is asked once, however often somebody asks here.
    return Promise.race([readings, sleep(answersWithin, undefined, { ref: false })]);
  };
}

async function firstOf<Row>(rows: Promise<readonly Row[]>): Promise<Row> {
  const [row] = await rows;
  if (row === undefined) throw new Error("The query for the figures returned no row.");
  return row;
}

/** Another scheduler on this machine may have the port, and give it free one day. */
function listen(
  server: Server,
  address: { readonly host: string; readonly port: number },
  log: Log,
): () => void {
  let retry: NodeJS.Timeout | undefined;
  let told = false;
  server.on("listening", () => {
    const at = server.address();
    const port = at === null || typeof at === "string" ? address.port : at.port;
    log({ event: "http", message: `Listens on http://${address.host}:${port}.` });
  });
  server.on("error", (error) => {
    const message = `Cannot listen on ${address.host}:${address.port}: ${error.message}. Tries again.`;
    if (!told) log({ event: "http", level: "warning", message });
    told = true;
    retry = setTimeout(() => server.listen(address), retryEvery).unref();
  });
  server.listen(address);
  return () => {
    clearTimeout(retry);
    server.close();
    server.closeAllConnections();
  };
}
