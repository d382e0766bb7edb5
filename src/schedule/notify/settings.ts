import type { Config } from "../../config/schema.ts";
import { notificationKinds, type NotificationKind } from "../../config/schedule-schema.ts";
import type { WebhookUrl } from "../../config/webhook.ts";
import { parseDuration, parseLongDuration } from "../../core/duration.ts";
import { refuseSettings } from "../refuse-settings.ts";

/** Whom to tell about which results of jobs, and how patiently. */
export interface NotifySettings {
  readonly kinds: readonly NotificationKind[];
  /** After how many milliseconds what is still amiss is told again; undefined for never. */
  readonly repeat: number | undefined;
  /** For each attempt, in milliseconds. */
  readonly timeout: number;
  readonly attempts: number;
  /** The program and its arguments. */
  readonly command: readonly string[] | undefined;
  readonly webhook: { readonly url: string; readonly shape: "json" | "slack" } | undefined;
}

/** All attempts together have to end before another process may take over what this one tells. */
const longestTimeout = 60_000;

/** Reads whom to tell; undefined for nobody. Throws CONFIG_INVALID with every problem. */
export function readNotifySettings({
  schedule,
  webhook: url,
}: Pick<Config, "schedule" | "webhook">): NotifySettings | undefined {
  const given = schedule?.notify;
  if (given === undefined) return undefined;
  const problems: string[] = [];
  if (given.command === undefined && given.webhook === undefined)
    problems.push('"schedule.notify" needs a "command" or a "webhook"; without, nobody is told.');
  const settings = {
    kinds: given.on ?? notificationKinds,
    repeat: readRepeat(given.repeat, problems),
    timeout: readTimeout(given.timeout, problems),
    attempts: given.attempts ?? 3,
    command: given.command,
    webhook: given.webhook && readWebhook(given.webhook.shape, url, problems),
  };
  refuseSettings(problems, 'Correct "schedule.notify" in the config file, or what it names.');
  return settings;
}

function readTimeout(given = "10s", problems: string[]): number {
  const timeout = parseDuration(given) ?? 0;
  if (timeout === 0 || timeout > longestTimeout) {
    problems.push(
      `"schedule.notify.timeout" takes a duration up to 1min such as "10s", not "${given}".`,
    );
  }
  return timeout;
}

function readRepeat(given: string | false = "1d", problems: string[]): number | undefined {
  if (given === false) return undefined;
  const repeat = parseLongDuration(given) ?? 0;
  if (repeat === 0)
    problems.push(
      `"schedule.notify.repeat" takes a duration such as "4h", or false, not "${given}".`,
    );
  return repeat;
}

function readWebhook(
  shape: "json" | "slack" = "json",
  found: WebhookUrl | undefined,
  problems: string[],
): NotifySettings["webhook"] {
  if (found !== undefined && "url" in found) return { shape, url: found.url };
  problems.push(found?.problem ?? "The URL of the webhook is not known.");
  return undefined;
}
