import { resolve } from "node:path";
import type { Problem } from "./problems.ts";
import type { ScheduleFile } from "./schedule-schema.ts";
import { readTextFile } from "./text-file.ts";

/** Where a webhook is; or why that is not known, which matters only to the commands that call it. */
export type WebhookUrl = { readonly url: string } | { readonly problem: string };

type Webhook = NonNullable<NonNullable<ScheduleFile["notify"]>["webhook"]>;

interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A relative path starts here. */
  readonly project: string;
}

/** Reads the URL of a webhook from the variable or the file that the config file names; it is a secret. */
export function readWebhookUrl(webhook: Webhook | undefined, place: Place): WebhookUrl | undefined {
  if (webhook === undefined) return undefined;
  const { urlVariable: variable, urlFile: file } = webhook;
  if ((variable === undefined) === (file === undefined)) {
    const key = '"schedule.notify.webhook"';
    return {
      problem: `${key} needs either "urlVariable" or "urlFile", which say where its URL is.`,
    };
  }
  if (file !== undefined) return fromFile(resolve(place.project, file));
  const text = place.env[variable ?? ""] ?? "";
  const where = `the variable "${variable}"`;
  return text === ""
    ? { problem: `${capital(where)}, with the URL of the webhook, is not set.` }
    : checked(text, where);
}

function fromFile(path: string): WebhookUrl {
  const problems: Problem[] = [];
  const text = readTextFile(path, problems);
  const [problem] = problems;
  if (problem !== undefined) return { problem: problem.message };
  if (text === undefined)
    return { problem: `There is no file "${path}", which is to hold the URL of the webhook.` };
  return checked(text, `the file "${path}"`);
}

/** Says nothing of the text: it is a secret even where it is wrong. */
function checked(text: string, where: string): WebhookUrl {
  const url = text.trim();
  return /^https?:/i.test(url) && URL.canParse(url)
    ? { url }
    : { problem: `${capital(where)} holds no URL that begins with "https://" or "http://".` };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
