/** One message of PostgreSQL's protocol, as it is sent. */
export interface Message {
  /** The message's type byte, or the name of one that has none. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Takes what arrives, in pieces of any size, and returns the messages that are complete. */
export type MessageReader = (data: Buffer) => Message[];

/** The messages that come before a session has begun, by the code that stands in place of a version. */
const requests: Readonly<Record<number, string>> = {
  80877102: "CancelRequest",
  80877103: "SSLRequest",
  80877104: "GSSENCRequest",
};

/** Returns the two readers of one connection. They belong together: a request for encryption is answered by one byte. */
export function messageReaders(): {
  readonly client: MessageReader;
  readonly server: MessageReader;
} {
  let started = false;
  let unanswered = 0;
  const client = reader((data) => {
    if (started) return typedMessage(data);
    if (data.length < 8) return undefined;
    const type = requests[data.readInt32BE(4)] ?? "StartupMessage";
    started = type === "StartupMessage";
    if (type === "SSLRequest" || type === "GSSENCRequest") unanswered += 1;
    return { type, length: data.readInt32BE(0) };
  });
  const server = reader((data) => {
    if (unanswered === 0) return typedMessage(data);
    unanswered -= 1;
    if (data[0] !== 0x4e) throw new Error("The proxy cannot read what is encrypted.");
    return { type: "refusal of encryption", length: 1 };
  });
  return { client, server };
}

interface Head {
  readonly type: string;
  readonly length: number;
}

/** The length in a message counts itself and not the type byte. */
function typedMessage(data: Buffer): Head | undefined {
  if (data.length < 5) return undefined;
  return { type: data.toString("latin1", 0, 1), length: data.readInt32BE(1) + 1 };
}

/** `headOf` is asked once for each message, with at least one byte of it, until it knows. */
function reader(headOf: (data: Buffer) => Head | undefined): MessageReader {
  let rest: Buffer = Buffer.alloc(0);
  let head: Head | undefined;
  return (data) => {
    rest = Buffer.concat([rest, data]);
    const messages: Message[] = [];
    while (rest.length > 0) {
      head ??= headOf(rest);
      if (head === undefined || rest.length < head.length) break;
      messages.push({ type: head.type, bytes: rest.subarray(0, head.length) });
      rest = rest.subarray(head.length);
      head = undefined;
    }
    return messages;
  };
}
