import postgres from "postgres";
import { expect, inject, onTestFinished, test } from "vitest";
import { createDatabase, urlOf } from "../support/database.ts";
import { startProtocolProxy, type Strike } from "../support/protocol-proxy.ts";

const serverPort = Number(new URL(inject("serverUrl")).port);

/** Opens a session through a proxy. */
function connectThrough(port: number, database?: string): postgres.Sql {
  const url = database === undefined ? urlOf({ port }) : urlOf({ port, database });
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  onTestFinished(async () => sql.end({ timeout: 0 }));
  return sql;
}

/** Creates a table through a proxy that strikes at this one statement, and says whether the table is there. */
async function createTableUnder(strike: Omit<Strike, "number">): Promise<boolean> {
  const { name, sql: observer } = await createDatabase();
  const isThere = async (): Promise<boolean> => {
    const [row] = await observer`select to_regclass('t') is not null as there`;
    return row?.["there"] === true;
  };
  // Before the statement the server has ended the start-up with its first ReadyForQuery.
  const probe = await startProtocolProxy(serverPort);
  await connectThrough(probe.port, name).unsafe("create table u ()");
  const { toServer, toClient } = probe.messages();
  const number =
    strike.direction === "toServer" ? toServer.indexOf("Q") + 1 : toClient.indexOf("C") + 1;
  const proxy = await startProtocolProxy(serverPort, { strike: { ...strike, number } });
  await expect(connectThrough(proxy.port, name).unsafe("create table t ()")).rejects.toMatchObject({
    code: "CONNECTION_CLOSED",
  });
  expect(proxy.messages()[strike.direction]).toHaveLength(number);
  return isThere();
}

function cut(connection: { cut(): void }): void {
  connection.cut();
}

test("a cut before a statement or inside it keeps it from the server, one before the answer does not", async () => {
  expect(await createTableUnder({ direction: "toServer", act: cut })).toBe(false);
  expect(await createTableUnder({ direction: "toServer", inside: true, act: cut })).toBe(false);
  expect(await createTableUnder({ direction: "toClient", act: cut })).toBe(true);
});

test("a message waits until the strike has ended, and then goes on", async () => {
  const seen: (number | undefined)[] = [];
  const { name, sql: observer } = await createDatabase();
  await observer`create table t ()`;
  const act: Strike["act"] = async ({ backendPid }) => {
    const rows = await observer`select from pg_stat_activity where pid = ${backendPid ?? 0}`;
    seen.push(backendPid, rows.length, (await observer`select from t`).length);
  };
  // The start and two steps of the password go before the first statement.
  const strike: Strike = { direction: "toServer", number: 4, act };
  const proxy = await startProtocolProxy(serverPort, { strike });
  const sql = connectThrough(proxy.port, name);
  const [row] = await sql.unsafe("insert into t default values returning pg_backend_pid() as pid");
  expect(proxy.messages().toServer).toEqual(["StartupMessage", "p", "p", "Q"]);
  expect(seen).toEqual([row?.["pid"], 1, 0]);
});

test("a request to cancel goes through a connection that is not counted", async () => {
  const proxy = await startProtocolProxy(serverPort);
  const sql = connectThrough(proxy.port);
  await sql`select 1`;
  const before = proxy.messages().toServer.length;
  const query = sql.unsafe("select pg_sleep(60)");
  const ended = query.then(
    () => "done",
    (error: unknown) => error,
  );
  await expect.poll(() => proxy.messages().toServer.length).toBe(before + 1);
  query.cancel();
  expect(await ended).toMatchObject({ code: "57014" });
  expect(proxy.connections()).toBe(2);
  expect(proxy.messages().toServer).toHaveLength(before + 1);
});

test("each message is on its way for as long as it was told", async () => {
  const latency = { toServer: 50, toClient: 100 };
  const proxy = await startProtocolProxy(serverPort, { latency });
  const sql = connectThrough(proxy.port);
  await sql.unsafe("select 1");
  const began = performance.now();
  await sql.unsafe("select 1");
  // A timer may ring a millisecond early.
  expect(performance.now() - began).toBeGreaterThan(148);
});
