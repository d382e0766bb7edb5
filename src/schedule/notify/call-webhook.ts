import { toolVersion } from "../../core/tool-version.ts";
import type { JobNotification } from "../results.ts";
import { notificationText } from "./notification-text.ts";

/** The webhook was reached, and an answer like this one will come again. */
export class Refused extends Error {}

interface GivenWebhook {
  readonly url: string;
  readonly shape: "json" | "slack";
  readonly notification: JobNotification;
}

/** Hands a notification to a webhook; throws Refused where another attempt is of no use. */
export async function callWebhook(
  { url, shape, notification }: GivenWebhook,
  signal: AbortSignal,
): Promise<void> {
  const body = shape === "slack" ? { text: notificationText(notification) } : notification;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": `doramaflix-db/${toolVersion()}` },
    body: JSON.stringify(body),
    // Another address was not configured, and is not to learn what is amiss here.
    redirect: "manual",
    signal,
  });
  const { ok, status, statusText } = response;
  await response.body?.cancel();
  if (ok) return;
  const answer = `It answered ${`${status} ${statusText}`.trim()}.`;
  throw mayPass(status) ? new Error(answer) : new Refused(answer);
}

/** Errors of the server, "request timeout" and "too many requests". */
function mayPass(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
