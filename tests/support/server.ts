import postgres from "postgres";
import type { ServerConnection } from "../../src/config/schema.ts";
import { packageRoot } from "../../src/core/package-root.ts";
import { withSession } from "../../src/db/session.ts";
import { installEngine } from "../../src/migrations/ledger/engine.ts";
import { runCli } from "./cli.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the server's superuser, with password, of a database that tests leave alone. */
    serverUrl: string;
  }
}

/** Databases that a run makes once and the tests copy. */
export const templates = { engine: "template_engine", doramaflix: "template_doramaflix" } as const;

/** Prepares a server that has just started. */
export async function prepareServer(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    // Tests that need durable commits count flushes or kill; none pulls the plug of the machine.
    await sql.unsafe("alter system set fsync = off");
    await sql.unsafe("select pg_reload_conf()");
    await sql.unsafe("create extension pg_stat_statements");
    for (const name of Object.values(templates)) await sql.unsafe(`create database ${name}`);
    await withSession(connectionOf(urlOfDatabase(url, templates.engine)), {}, installEngine);
    await migrateDoramaflix(urlOfDatabase(url, templates.doramaflix));
    // A database with sessions cannot be copied.
    for (const name of Object.values(templates)) {
      await sql.unsafe(`alter database ${name} with is_template true allow_connections false`);
    }
  } finally {
    await sql.end();
  }
}

async function migrateDoramaflix(url: string): Promise<void> {
  const { exitCode, stderr } = await runCli(["migrate", "--url", url, "--project", packageRoot]);
  if (exitCode !== 0) throw new Error(`Doramaflix could not be migrated:\n${stderr}`);
}

function urlOfDatabase(url: string, database: string): string {
  return new URL(`/${database}`, url).href;
}

export function connectionOf(url: string): ServerConnection {
  const { hostname, port, pathname, username, password } = new URL(url);
  return {
    kind: "server",
    source: "the test",
    hosts: [{ host: hostname, port: Number(port) }],
    database: pathname.slice(1),
    user: username,
    password,
    tls: false,
    connectTimeout: 10,
    options: undefined,
    targetSessionAttributes: "any",
  };
}
