import { setTimeout as sleep } from "node:timers/promises";
import { redactText } from "../../config/redact.ts";
import type { Config } from "../../config/schema.ts";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import type { Log } from "../log.ts";
import { recordNotification, takeNotification } from "../queries.ts";
import type { JobNotification } from "../results.ts";
import type { TakenNotification } from "../rows.ts";
import { never } from "../unhurried.ts";
import { callWebhook, Refused } from "./call-webhook.ts";
import type { NotifySettings } from "./settings.ts";
import { runCommand } from "./run-command.ts";

/** The pause after a first attempt that has failed, in milliseconds; each further one is twice as long. */
const firstPause = 1000;

interface Notified {
  readonly context: Pick<Context, "config" | "withDatabase">;
  readonly settings: NotifySettings | undefined;
  readonly log: Log;
}

interface Channel {
  readonly name: string;
  readonly send: (notification: JobNotification, signal: AbortSignal) => Promise<void>;
}

/**
 * Tells somebody of the jobs that have failed, found something or recovered. What there is to tell is for the database
 * to say, which knows what other processes have told; it is asked in a session of its own. Nothing here keeps a job from
 * running: what goes wrong is logged.
 */
export class Notifier {
  readonly #notified: Notified;
  readonly #channels: readonly Channel[];
  readonly #ending = new AbortController();
  #telling: Promise<void> = Promise.resolve();
  #isWaiting = false;

  constructor(notified: Notified) {
    this.#notified = notified;
    const { settings, context } = notified;
    this.#channels = settings === undefined ? [] : channelsOf(settings, context.config.project);
  }

  /** Looks, without being waited for, whether there is something to tell; one look comes after the other. */
  look(): void {
    const { settings } = this.#notified;
    if (settings === undefined || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#telling = this.#afterTelling(settings);
  }

  async #afterTelling(settings: NotifySettings): Promise<void> {
    await this.#telling;
    this.#isWaiting = false;
    await this.#tellAll(settings);
  }

  /** Lets the attempt in hand end, begins no other, and returns when that is over. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#telling;
  }

  /** Returns when all is told, or could not be. */
  async idle(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(settings: NotifySettings): Promise<void> {
    const { kinds, repeat } = settings;
    const given = { kinds, repeat: repeat === undefined ? null : repeat / 1000 };
    try {
      await this.#notified.context.withDatabase(async (outer) =>
        outer.beside(never, async (database) => {
          while (!this.#ending.signal.aborted) {
            const [taken] = await takeNotification(database, given);
            if (taken === undefined) return;
            await this.#tell(database, taken, settings);
          }
        }),
      );
    } catch (error) {
      this.#warn(`Whom to tell could not be asked: ${messageOf(error)}`);
    }
  }

  async #tell(
    database: Database,
    taken: TakenNotification,
    settings: NotifySettings,
  ): Promise<void> {
    const notification = notificationOf(taken, this.#notified.context.config);
    const told = await Promise.all(
      this.#channels.map(async (channel) => this.#send(channel, notification, settings)),
    );
    if (!told.includes(true)) return;
    await recordNotification(database, { run_id: taken.run_id });
    const { job, kind, runId } = notification;
    this.#notified.log({ event: "notification", job, runId, message: `told: ${kind}` });
  }

  async #send(
    { name, send }: Channel,
    notification: JobNotification,
    { attempts, timeout }: NotifySettings,
  ): Promise<boolean> {
    const { signal: ending } = this.#ending;
    for (let attempt = 1, pause = firstPause; ; attempt += 1, pause *= 2) {
      try {
        await send(notification, AbortSignal.timeout(timeout));
        return true;
      } catch (error) {
        const reason = isTimeout(error) ? `No answer in ${timeout} ms.` : messageOf(error);
        const count = `Attempt ${attempt} of ${attempts}`;
        this.#warn(
          `${count} to tell by ${name} that ${notification.job} ${notification.kind}: ${reason}`,
        );
        if (attempt === attempts || error instanceof Refused) return false;
        await sleep(pause, undefined, { signal: ending }).catch(() => {});
        if (ending.aborted) return false;
      }
    }
  }

  #warn(message: string): void {
    // The driver of the network may repeat the address in its words.
    const url = this.#notified.settings?.webhook?.url;
    const masked = redactText(url === undefined ? message : message.replaceAll(url, "***"));
    this.#notified.log({ event: "notification", level: "warning", message: masked });
  }
}

function channelsOf({ command, webhook }: NotifySettings, folder: string): Channel[] {
  const channels: Channel[] = [];
  if (command !== undefined) {
    channels.push({
      name: "command",
      send: async (notification, signal) =>
        runCommand({ command, folder, input: `${JSON.stringify(notification)}\n` }, signal),
    });
  }
  if (webhook !== undefined) {
    channels.push({
      name: "webhook",
      send: async (notification, signal) => callWebhook({ ...webhook, notification }, signal),
    });
  }
  return channels;
}

/** What failed says may name where it connects to. */
function notificationOf(taken: TakenNotification, { connection }: Config): JobNotification {
  const { database, job, run_id: runId, due_at: due, started_at: started, ended_at: ended } = taken;
  const { summary, error } = taken;
  return {
    kind: taken.notification as JobNotification["kind"],
    job,
    database,
    server:
      connection.kind === "embedded"
        ? "the embedded server"
        : connection.hosts.map(({ host, port }) => `${host}:${port}`).join(","),
    runId,
    dueAt: due.toISOString(),
    startedAt: started.toISOString(),
    endedAt: ended.toISOString(),
    result: taken.result,
    summary: summary === null ? null : redactText(summary),
    problems: error === null ? [] : redactText(error).split("\n"),
  };
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/** fetch() says only that it has failed; the reason is behind it. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
