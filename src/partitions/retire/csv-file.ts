import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { parse } from "csv-parse";

/** Writes CSV into a new compressed file, which is on the disk when this returns; returns the digest of the CSV. */
export async function writeCompressed(csv: AsyncIterable<Buffer>, file: string): Promise<string> {
  const hash = createHash("sha256");
  const target = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
  await pipeline(csv, digesting(hash), createGzip(), target);
  return hash.digest("hex");
}

/** Reads a compressed CSV file back: the digest of the CSV, and how many records it has after its header. */
export async function digestOfFile(
  file: string,
): Promise<{ readonly digest: string; readonly records: number }> {
  const hash = createHash("sha256");
  let records = -1;
  const parser = parse({
    record_delimiter: "\n",
    on_record: () => {
      records += 1;
      return null;
    },
  });
  await pipeline(
    createReadStream(file),
    createGunzip(),
    digesting(hash),
    parser,
    async (rest: AsyncIterable<unknown>) => {
      for await (const record of rest) throw new Error(`A record was kept: ${String(record)}`);
    },
  );
  return { digest: hash.digest("hex"), records };
}

function digesting(hash: Hash) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
}
