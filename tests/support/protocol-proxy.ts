import { createServer, connect, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";

/** What went through a proxy, over all connections. */
export interface ProtocolProxy {
  readonly port: number;
  /**
   * How often the client, once authenticated, spoke after the server had: each is a wait for one round trip. A
   * connection's closing message is no wait.
   */
  roundTrips(): number;
}

const servers: Server[] = [];

afterAll(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** Listens on a free port and passes everything to the server on `port`, counting. */
export async function startProtocolProxy(port: number): Promise<ProtocolProxy> {
  let trips = 0;
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    // The server's first ReadyForQuery ends the start-up: "Z", length 5, and the transaction status.
    let ready = false;
    let lastSpeaker: "client" | "server" = "server";
    client.on("data", (data: Buffer) => {
      const closing = data.length === 5 && data[0] === 0x58;
      if (ready && !closing && lastSpeaker === "server") trips += 1;
      lastSpeaker = "client";
      upstream.write(data);
    });
    upstream.on("data", (data: Buffer) => {
      ready ||= data.includes(Buffer.from([0x5a, 0, 0, 0, 5]));
      lastSpeaker = "server";
      client.write(data);
    });
    closeTogether(client, upstream);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return { port: address.port, roundTrips: () => trips };
}

function closeTogether(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}
