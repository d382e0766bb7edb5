import { link, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../../db/database.ts";
import { digestOfFile, writeCompressed } from "./csv-file.ts";
import { PartitionLeft } from "./failure.ts";
import type { Item } from "./plan.ts";
import type { Export } from "./results.ts";

/** The rows of a table in a file that has no name yet. */
export interface WrittenRows {
  readonly part: string;
  readonly file: string;
  readonly digest: string;
  readonly table: Table;
}

/**
 * Writes the rows of a table into a file of the folder and proves that they are there: what is read back from the disk
 * has the digest of what the server sent, and as many records as the server counts rows. The transaction must be
 * REPEATABLE READ, and locks nothing that others need: with a lock against writers, who deletes a row of a table that
 * this one refers to would wait for all of this.
 */
export async function writeRows(
  database: Database,
  { name, relation }: Item["row"],
  folder: string,
): Promise<WrittenRows> {
  const table = await describeTable(database, { name, relation });
  const file = join(folder, `${fileName(name)}.csv.gz`);
  // A run in another database may export into the same folder. In this one there is no other run: a file of that name
  // was left by one that was killed.
  const part = `${file}.${table.database_digits}.part`;
  return explained(name, async () => {
    await rm(part, { force: true });
    try {
      return { part, file, table, digest: await writeVerified(database, { name, ...table }, part) };
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  });
}

/**
 * Gives the file its name. The transaction must have locked the table against writers; throws PartitionLeft if it is not
 * as it was written: then it has other columns, fewer rows, or one that was not there. Each of those is of a transaction
 * that had not ended when the rows were written, and has a number from `oldest_open` on; so may have others, if some
 * transaction was open for long.
 */
export async function nameFile(
  database: Database,
  { name, relation }: Item["row"],
  written: WrittenRows,
): Promise<Export> {
  const { table, file, digest } = written;
  const now = await describeTable(database, { name, relation }, table.oldest_open);
  if (now.columns !== table.columns || now.rows !== table.rows || now.newer !== 0)
    throw changedMeanwhile(name);
  await explained(name, async () => linkTo(written, name));
  // Before the drop: when that is committed, no run comes by here again.
  await discard(written);
  return { file, rows: table.rows, checksum: `sha256:${digest}` };
}

/** Removes what has the rows without their name. */
export async function discard({ part }: WrittenRows): Promise<void> {
  await rm(part, { force: true });
}

function changedMeanwhile(name: string): PartitionLeft {
  return new PartitionLeft(`"${name}" was changed while it was exported, or not long before.`, {
    hint: "Nothing was dropped. Run the command again when the transactions that were open then have ended.",
  });
}

/** Writes the rows into a file, and returns the digest of what the server sent, which the file has. */
async function writeVerified(
  database: Database,
  { name, columns, rows }: Table & { readonly name: string },
  part: string,
): Promise<string> {
  const rowsAsCsv = database.copyOut(
    `copy (select ${columns} from ${name}) to stdout (format csv, header, encoding 'UTF8')`,
  );
  const sent = await writeCompressed(rowsAsCsv, part);
  const found = await digestOfFile(part);
  if (found.digest !== sent || found.records !== rows) {
    throw new PartitionLeft(`The export of "${name}" is not what the server has.`, {
      detail: `The server sent ${rows} rows, sha256 ${sent}; the file has ${found.records}, sha256 ${found.digest}.`,
      hint: "Nothing was dropped. Check the disk, and run the command again.",
    });
  }
  return sent;
}

interface Table {
  readonly columns: string;
  readonly rows: number;
  /** How many of them are from transactions that may not have ended at a moment before. */
  readonly newer: number;
  /** The oldest transaction that is open, or the next one. */
  readonly oldest_open: string;
  /** Always the same eight for a database, and most likely others for another one. */
  readonly database_digits: string;
}

/**
 * Generated columns are computed again where the rows are loaded. A row may keep the number of a transaction so old that
 * its age seems to be below zero; ages count from the first time that this transaction asks, which is after its lock.
 */
async function describeTable(
  database: Database,
  { name, relation }: Pick<Item["row"], "name" | "relation">,
  before = "0",
): Promise<Table> {
  const [described] = (await database.query(
    `select
       (
         select string_agg(quote_ident(attname), ', ' order by attnum)
         from pg_attribute
         where attrelid = ${relation}::oid and attnum > 0 and not attisdropped and attgenerated = ''
       ) as columns,
       t.rows,
       t.newer,
       pg_snapshot_xmin(pg_current_snapshot())::text as oldest_open,
       (
         select left(md5(concat_ws(' ', public.cluster_identifier(), oid)), 8)
         from pg_database
         where datname = current_database()
       ) as database_digits
     from (
       select
         count(*)::float8 as rows,
         count(*) filter (where age(xmin) between 0 and age('${before}'::xid8::xid))::float8 as newer
       from ${name}
     ) t`,
  )) as readonly Table[];
  if (described === undefined) throw new Error("The query for the columns returned no row.");
  return described;
}

/** A link never replaces a file; one that is there with the same content was written by a run that then stopped. */
async function linkTo({ part, file, digest }: WrittenRows, name: string): Promise<void> {
  try {
    await link(part, file);
  } catch (error) {
    if (!isExisting(error)) throw error;
    const there = await digestOfFile(file).catch(() => undefined);
    if (there?.digest !== digest) {
      throw new PartitionLeft(`"${file}" is there already, with another content than "${name}".`, {
        hint: "Nothing was dropped. Move the file away, or export into another folder.",
        cause: error,
      });
    }
  }
  const folder = await open(join(file, ".."), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EEXIST";
}

/** Errors of files are about this partition only. */
async function explained<Result>(name: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    const isOfFile = syscall !== undefined || /^(Z_|CSV_)/.test(code ?? "");
    if (!(error instanceof Error) || !isOfFile) throw error;
    throw new PartitionLeft(`"${name}" could not be exported.`, {
      detail: message,
      hint: "Nothing was dropped. Remove the cause, and run the command again.",
      cause: error,
    });
  }
}

/**
 * The name of a table as that of a file: schema and name without their quotes, and what could be part of a path, or is
 * a dot, as its code.
 */
function fileName(qualified: string): string {
  const parts = Array.from(qualified.matchAll(/"((?:[^"]|"")*)"|[^".]+/g), ([whole, quoted]) =>
    quoted === undefined ? whole : quoted.replaceAll('""', '"'),
  );
  return parts
    .map((part) =>
      // oxlint-disable-next-line no-control-regex
      part.replaceAll(/[\u0000-\u001f\u007f%./\\:*?"<>|]/g, (character) => encoded(character)),
    )
    .join(".");
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
