import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { networkInterfaces } from "node:os";

import { describe, expect, test } from "vitest";

import { locatePlace } from "../../src/server/place.ts";
import { withEmbeddedServer } from "../../src/server/server.ts";
import { compileCommand, makeProject, borrowProject, query, startCommand } from "./helpers.ts";

const program = compileCommand();

describe("the server that is created", () => {
  test("understands text in every script", async () => {
    await withEmbeddedServer(makeProject(), async (connection) => {
      await query(connection, "create extension pg_trgm; create extension unaccent");
      const [row] = await query(
        connection,
        String.raw`select
          cardinality(show_trgm('사랑의 불시착')) > 0 as trigrams,
          similarity('사랑의 불시착', '사랑의 불시착 2') > 0.5 as similar,
          unaccent('São') as unaccented,
          '사랑' ~ '^\w+$' as letters,
          upper('é') as upper,
          (select string_agg(word, ' ' order by word) from unnest(array['zebra', 'Äpfel', 'apple', '사랑', 'Zoo']) as word) as sorted`,
      );
      expect(row).toEqual({
        trigrams: true,
        similar: true,
        unaccented: "Sao",
        letters: true,
        upper: "É",
        sorted: "Äpfel apple zebra Zoo 사랑",
      });
    });
  });

  test("has the settings that the toolkit relies on", async () => {
    await withEmbeddedServer(makeProject(), async (connection) => {
      await query(connection, "create extension pg_stat_statements");
      const [row] = await query(
        connection,
        `select current_setting('server_encoding') as encoding,
          current_setting('fsync') as fsync,
          current_setting('shared_preload_libraries') as libraries,
          current_setting('listen_addresses') as addresses,
          current_setting('unix_socket_directories') as sockets,
          (select reset_val from pg_settings where name = 'TimeZone') as zone,
          (select count(*) > 0 from pg_stat_statements) as statements,
          (select string_agg(distinct auth_method, ' ') from pg_hba_file_rules) as methods`,
      );
      expect(row).toMatchObject({
        encoding: "UTF8",
        fsync: "on",
        libraries: "pg_stat_statements",
        addresses: "127.0.0.1",
        sockets: "",
        statements: true,
        methods: "scram-sha-256",
      });
    });
  });

  test("listens on the loopback interface only", async () => {
    await withEmbeddedServer(await borrowProject(), async ({ hosts }) => {
      const port = hosts[0]?.port ?? 0;
      expect(await accepts("127.0.0.1", port)).toBe(true);
      const outside = Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .filter(({ internal }) => !internal);
      const accepted = await Promise.all(outside.map(({ address }) => accepts(address, port)));
      expect(accepted).not.toContain(true);
    });
  });

  test("refuses a wrong password", async () => {
    await withEmbeddedServer(await borrowProject(), async (connection) => {
      const wrong = query({ ...connection, password: "wrong" }, "select 1");
      await expect(wrong).rejects.toMatchObject({ sqlState: "28P01" });
    });
  });

  test("keeps its password out of the process list and the log", async () => {
    const project = makeProject();
    const command = startCommand("start", { program, project });
    let processes = "";
    while (command.process.exitCode === null) {
      processes += spawnSync("ps", ["-eww", "-o", "args"], { encoding: "utf8" }).stdout;
      await new Promise(setImmediate);
    }
    const { logFile, passwordFile } = locatePlace(project);
    const password = readFileSync(passwordFile, "utf8").trim();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(processes).toContain("initdb");
    expect(processes).not.toContain(password);
    expect(readFileSync(logFile, "utf8")).not.toContain(password);
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
  });
});

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
      .once("connect", () => {
        socket.destroy();
        resolve(true);
      })
      .once("error", () => {
        resolve(false);
      });
  });
}
