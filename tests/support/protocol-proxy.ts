import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { messageReaders, type Message, type MessageReader } from "./protocol-messages.ts";

export type Direction = "toServer" | "toClient";

/** The types of the messages that went each way, in order. */
export type MessageTypes = Readonly<Record<Direction, readonly string[]>>;

/** What can be done to the connection that is struck. */
export interface StruckConnection {
  /** The process that serves it, as soon as the server has told. */
  readonly backendPid: number | undefined;
  /** Ends both halves of the connection; what has not been forwarded is lost. */
  cut(): void;
}

/**
 * Something that happens before a message is forwarded: the message waits until `act` has ended, and goes on if there
 * is still a connection.
 */
export interface Strike {
  readonly direction: Direction;
  /** Which message of that direction of the first connection, from 1. */
  readonly number: number;
  /** Let the first half of the message pass before it happens. */
  readonly inside?: boolean;
  readonly act: (connection: StruckConnection) => void | Promise<unknown>;
}

interface ProxyOptions {
  /** How long each message is on its way, in milliseconds. */
  readonly latency?: Partial<Readonly<Record<Direction, number>>>;
  readonly strike?: Strike;
}

/** What went through a proxy. */
export interface ProtocolProxy {
  readonly port: number;
  /**
   * How often the client, once authenticated, spoke after the server had: each is a wait for one round trip. A
   * connection's closing message is no wait. Over all connections.
   */
  roundTrips(): number;
  /**
   * What went through the first connection. Messages are counted for each connection by itself, because a request to
   * cancel comes in a second one at a moment that no two runs share; the first is the session that a command works in.
   */
  messages(): MessageTypes;
  /** How many connections clients have opened, those for a request to cancel included. */
  connections(): number;
  /** Listens no more; the connections that there are go on. */
  refuse(): void;
  /** Cuts every connection and listens no more, as if the server were gone. */
  close(): Promise<void>;
}

const cleanups: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Listens on a free port and passes everything to the server on `port`, message by message. */
export async function startProtocolProxy(
  port: number,
  options: ProxyOptions = {},
): Promise<ProtocolProxy> {
  const connections: Connection[] = [];
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    const { latency, strike } = options;
    const own = connections.length === 0 ? { latency, strike } : { latency };
    connections.push(new Connection(client, upstream, own));
  });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const connection of connections) connection.cut();
    await closed;
  };
  cleanups.push(close);
  const none: MessageTypes = { toServer: [], toClient: [] };
  return {
    port: await listen(server),
    roundTrips: () => connections.reduce((sum, { roundTrips }) => sum + roundTrips, 0),
    messages: () => connections[0]?.types ?? none,
    connections: () => connections.length,
    refuse: () => {
      server.close();
    },
    close,
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return address.port;
}

interface ConnectionOptions {
  readonly latency?: ProxyOptions["latency"] | undefined;
  readonly strike?: Strike | undefined;
}

class Connection implements StruckConnection {
  readonly types = { toServer: [] as string[], toClient: [] as string[] };
  backendPid: number | undefined;
  roundTrips = 0;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #options: ConnectionOptions;
  #ready = false;
  #lastSpeaker: Direction = "toClient";

  constructor(client: Socket, upstream: Socket, options: ConnectionOptions) {
    this.#client = client;
    this.#upstream = upstream;
    this.#options = options;
    const readers = messageReaders();
    this.#pass("toServer", readers.client);
    this.#pass("toClient", readers.server);
  }

  cut(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  /** A queue keeps the order of the messages while one waits for its time or for a strike. */
  #pass(direction: Direction, read: MessageReader): void {
    const [from, to] =
      direction === "toServer" ? [this.#client, this.#upstream] : [this.#upstream, this.#client];
    const delay = this.#options.latency?.[direction] ?? 0;
    let queue = Promise.resolve();
    const add = (step: () => void | Promise<void>): void => {
      queue = queue.then(step).catch(() => {
        this.cut();
      });
    };
    from.on("data", (data: Buffer) => {
      const due = performance.now() + delay;
      const messages = read(data);
      this.#note(messages, direction);
      add(async () => {
        if (delay > 0) await sleep(due - performance.now());
        for (const message of messages) await this.#forward(message, direction, to);
      });
    });
    from.on("error", () => {});
    from.on("close", () => {
      add(() => {
        to.destroySoon();
      });
    });
  }

  /** Looks at messages when they arrive: how long they wait here must not look like a round trip. */
  #note(messages: readonly Message[], direction: Direction): void {
    if (direction === "toClient") {
      const key = messages.find(({ type }) => type === "K");
      this.backendPid ??= key?.bytes.readInt32BE(5);
      // The server's first ReadyForQuery ends the start-up.
      this.#ready ||= messages.some(({ type }) => type === "Z");
    } else if (this.#ready && this.#lastSpeaker === "toClient" && messages[0]?.type !== "X") {
      this.roundTrips += 1;
    }
    this.#lastSpeaker = direction;
  }

  async #forward({ type, bytes }: Message, direction: Direction, to: Socket): Promise<void> {
    if (!to.writable) return;
    this.types[direction].push(type);
    const { strike } = this.#options;
    const isStruck =
      strike?.direction === direction && strike.number === this.types[direction].length;
    if (!isStruck) return write(to, bytes);
    const half = strike.inside === true ? Math.ceil(bytes.length / 2) : 0;
    await write(to, bytes.subarray(0, half));
    await strike.act(this);
    return write(to, bytes.subarray(half));
  }
}

/** Waits until the bytes have left, so that what was forwarded before a cut arrives. */
async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || !to.writable) return;
  await new Promise<void>((resolve) => {
    to.write(bytes, () => {
      resolve();
    });
  });
}
