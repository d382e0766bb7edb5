import { expect } from "vitest";
import { killBackend, terminateBackend } from "../support/backends.ts";
import { killCli, runCli, startCli, type CliResult, type CliRun } from "../support/cli.ts";
import {
  startProtocolProxy,
  type MessageTypes,
  type ProtocolProxy,
  type Strike,
  type StruckConnection,
} from "../support/protocol-proxy.ts";
import { withSession } from "./site.ts";

/**
 * Keeps V8 from optimizing the SQL parser, which takes half of a short run's time and changes nothing else: what is
 * tried here is tried thousands of times.
 */
const quickStart = {
  NODE_OPTIONS:
    "--import=data:text/javascript,import{setFlagsFromString}from'node:v8';setFlagsFromString('--liftoff-only')",
};

/** Where a command runs. */
export interface Target {
  readonly url: string;
  readonly project: string;
}

/** Returns the command line for a target. */
export function onTarget(command: readonly string[], { url, project }: Target): string[] {
  return [...command, "--json", "--url", url, "--project", project];
}

/** Runs a command to its end; fails if it does. */
export async function succeed(command: readonly string[], target: Target): Promise<CliResult> {
  const result = await runCli(onTarget(command, target), { env: quickStart });
  expect(result, result.stdout).toMatchObject({ exitCode: 0, signal: null });
  return result;
}

/** Runs a command undisturbed and returns the messages that it takes. */
export async function messagesOf(
  command: readonly string[],
  target: Target,
): Promise<MessageTypes> {
  const proxy = await startProtocolProxy(Number(new URL(target.url).port));
  await succeed(command, { ...target, url: through(proxy.port, target.url) });
  await proxy.close();
  return proxy.messages();
}

/** What is there at the moment of a fault. */
interface Scene {
  readonly connection: StruckConnection;
  readonly proxy: ProtocolProxy;
  readonly run: CliRun;
}

/** What is done at a point. */
export type Fault = (scene: Scene) => void | Promise<unknown>;

export const cut: Fault = ({ connection }) => {
  connection.cut();
};

/** Cuts the connection and refuses the next one. */
export const leave: Fault = async ({ proxy }) => proxy.close();

export const killClient: Fault = async ({ run }) => killCli(run);

/** Ends the session of a server as an administrator would. */
export function terminateSession(server: string): Fault {
  return async ({ connection: { backendPid = 0 } }) =>
    withSession(server, async (sql) => terminateBackend(sql, backendPid));
}

/** Kills the process of the session without warning; only for a server of the test's own. */
export function killSession(server: string): Fault {
  return async ({ connection: { backendPid } }) => {
    // Process 0 would be the whole group of the test runner.
    if (backendPid === undefined) throw new Error("The process of the session is not known.");
    await killBackend(server, backendPid);
  };
}

/** A fault, and the message at which it happens. */
export type FaultStrike = Omit<Strike, "act"> & { readonly act: Fault };

/** Runs a command with a fault at a point, and checks what holds for every way in which it may end. */
export async function runWithFault(
  command: readonly string[],
  target: Target,
  { act, ...point }: FaultStrike,
): Promise<CliResult> {
  const strikes: Promise<unknown>[] = [];
  const strike = {
    ...point,
    act: async (connection: StruckConnection) => {
      const striking = Promise.resolve(act({ connection, proxy, run }));
      strikes.push(striking);
      await striking;
    },
  };
  const proxy = await startProtocolProxy(Number(new URL(target.url).port), { strike });
  const url = through(proxy.port, target.url);
  const run = startCli(onTarget(command, { ...target, url }), { env: quickStart });
  const result = await endOf(run);
  // The run may end while the strike is still at work.
  await Promise.all(strikes);
  await proxy.close();
  expect(strikes).toHaveLength(1);
  if (result.signal === null) expectClearEnd(result);
  return result;
}

/** Waits for the end of a run; fails when it does not come. */
async function endOf(run: CliRun): Promise<CliResult> {
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    run.child.kill("SIGKILL");
  }, 60_000);
  const result = await run.result;
  clearTimeout(timer);
  expect(hangs, `The run did not end. ${result.stderr}`).toBe(false);
  return result;
}

/** A command whose connection is lost has done its work, or says in one document that the connection was lost. */
export function expectClearEnd({ exitCode, stdout, stderr }: CliResult): void {
  expect(stderr).not.toMatch(/^\s+at /m);
  const document = JSON.parse(stdout) as object;
  if (exitCode === 0) return expect(document).not.toHaveProperty("error");
  expect(document).toMatchObject({
    error: {
      code: expect.stringMatching(/^CONNECTION_(LOST|FAILED)$/) as string,
      message: expect.stringMatching(/\.$/) as string,
      hint: expect.stringMatching(/\.$/) as string,
      exitCode: 3,
    },
  });
  expect(exitCode).toBe(3);
}

export function through(port: number, url: string): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}
