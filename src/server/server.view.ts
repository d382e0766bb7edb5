import type { Page, View } from "../output/output.ts";
import type { ServerStarted, ServerStatus, ServerStopped, ServerUrl } from "./results.ts";

export const viewStarted: View<ServerStarted> = (result, page) => {
  const verb = result.alreadyRunning ? "is already running" : "has started";
  return [
    page.style.good(`The embedded PostgreSQL ${result.version} server ${verb}.`),
    ...facts(result, page),
    "",
    page.style.faint('It runs until "doramaflix-db server stop", also across commands.'),
  ].join("\n");
};

export const viewStopped: View<ServerStopped> = (result, page) =>
  result.wasRunning
    ? page.style.good("The embedded server has stopped.")
    : page.style.attention("The embedded server is not running.");

export const viewStatus: View<ServerStatus> = (result, page) =>
  [headline(result, page), ...facts(result, page)].join("\n");

/** Nothing but the URL, for use in a shell. */
export const viewUrl: View<ServerUrl> = (result) => result.url;

function headline(result: ServerStatus, { style }: Page): string {
  const server = `The embedded PostgreSQL ${result.version} server`;
  if (!result.created) return style.attention(`${server} has not been created yet.`);
  if (!result.running) return style.attention(`${server} is not running.`);
  const until = result.keptRunning ? 'until "server stop"' : "until the command that uses it ends";
  return style.good(`${server} is running ${until}.`);
}

function facts(result: ServerStatus, { style }: Page): string[] {
  const rows: readonly (readonly [string, string | number | null])[] = [
    ["Address", result.url],
    ["Process", result.pid],
    ["Data", result.created ? result.dataDirectory : null],
    ["Log", result.created ? result.logFile : null],
  ];
  return rows
    .filter(([, value]) => value !== null)
    .map(([label, value]) => `${style.faint(label.padEnd(9))}${value}`);
}
