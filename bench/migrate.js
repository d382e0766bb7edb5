import {
  mkdirSync,
  mkdtempSync,
  existsSync,
  readdirSync,
  rmSync,
  writeFileSync,
  realpathSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { serverStatus, serverUrl, startServer, stopServer } from "../dist/program/server.js";
import { compete, median, ratio, wallTime } from "./measure.js";

const program = fileURLToPath(new URL("../bin/doramaflix-db.js", import.meta.url));
const psql = findPsql();

/** Times `migrate` beside psql, and the start of the program beside its floor, on a durable server of its own. */
export default async function benchmark() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-db-bench-")));
  await startServer(folder);
  try {
    const server = openServer(serverUrl(folder).url);
    console.log(
      `Node ${process.version}, PostgreSQL ${await server.version()}, fsync ${await server.fsync()}`,
    );
    console.log(
      psql === undefined ? "psql: not found, so there is nothing to compare with" : `psql: ${psql}`,
    );
    await migrateTimes(server, folder);
    await startTimes(server, folder);
    await server.end();
  } finally {
    const { dataDirectory } = await serverStatus(folder);
    await stopServer(folder);
    rmSync(dirname(dataDirectory), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

async function migrateTimes(server, folder) {
  console.log(
    "\nmigrate: each migration creates a table of five columns with an index and inserts a row",
  );
  const headings = ["migrations", "migrate ms", "psql -1 ms", "ratio", "WAL syncs"];
  console.log(headings.map((heading) => heading.padStart(12)).join(""));
  for (const [count, rounds] of [
    [10, 9],
    [100, 7],
    [1000, 7],
  ]) {
    const { project, script } = writeProject(join(folder, `project-${count}`), count);
    const syncs = [];
    const contestants = {
      migrate: async () => {
        const url = await server.freshDatabase();
        const before = await server.walSyncs();
        const time = wallTime(process.execPath, [
          program,
          "migrate",
          "--url",
          url,
          "--project",
          project,
        ]);
        await server.checkTables(url, count);
        syncs.push((await server.walSyncs()) - before);
        return time;
      },
      ...(psql !== undefined && {
        psql: async () => {
          const url = await server.freshDatabase();
          const time = wallTime(psql, ["-X", "-q", "-1", "-f", script, url]);
          await server.checkTables(url, count);
          return time;
        },
      }),
    };
    const times = await compete(contestants, rounds);
    const cells = [
      median(times.migrate).toFixed(0),
      times.psql === undefined ? "-" : median(times.psql).toFixed(0),
      times.psql === undefined ? "-" : ratio(times.migrate, times.psql).toFixed(2),
      String(median(syncs)),
    ];
    console.log([String(count), ...cells].map((cell) => cell.padStart(12)).join(""));
  }
}

async function startTimes(server, folder) {
  const { project } = writeProject(join(folder, "project-start"), 10);
  const url = await server.freshDatabase();
  wallTime(process.execPath, [program, "migrate", "--url", url, "--project", project]);
  const script = fileURLToPath(new URL("select-one.js", import.meta.url));
  const times = await compete(
    {
      node: async () => wallTime(process.execPath, ["-e", "0"]),
      version: async () => wallTime(process.execPath, [program, "--version"]),
      selectOne: async () => wallTime(process.execPath, [script, url]),
      status: async () =>
        wallTime(process.execPath, [program, "status", "--url", url, "--project", project]),
    },
    21,
  );
  console.log("\nstart                                  ms   ratio");
  console.log(line("node -e 0", times.node));
  console.log(line("doramaflix-db --version", times.version, times.node));
  console.log(line("select 1 through the driver", times.selectOne));
  console.log(line("doramaflix-db status, 10 applied", times.status, times.selectOne));
}

function line(name, own, floor) {
  const compared = floor === undefined ? "" : ratio(own, floor).toFixed(2);
  return `${name.padEnd(34)} ${median(own).toFixed(0).padStart(6)} ${compared.padStart(7)}`;
}

function writeProject(folder, count) {
  mkdirSync(join(folder, "migrations"), { recursive: true });
  const statements = [];
  for (let number = 1; number <= count; number += 1) {
    const up = `create table t${number} (id bigint primary key, a text, b int, c date, d numeric);\ncreate index on t${number} (a);\ninsert into t${number} values (1);\n`;
    statements.push(up);
    const name = `${String(number).padStart(4, "0")}_t${number}.sql`;
    writeFileSync(
      join(folder, "migrations", name),
      `-- migrate:up\n${up}-- migrate:down\ndrop table t${number};\n`,
    );
  }
  const script = join(folder, "all.sql");
  writeFileSync(script, statements.join(""));
  return { project: folder, script };
}

/** The binary itself: the wrapper that Debian puts on the path costs 30 ms. */
function findPsql() {
  const versions = "/usr/lib/postgresql";
  const debian = existsSync(versions)
    ? readdirSync(versions).map((version) => join(versions, version, "bin", "psql"))
    : [];
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "psql"));
  return [...debian, ...onPath].find((path) => existsSync(path));
}

function openServer(url) {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  const value = async (text) => Object.values((await sql.unsafe(text))[0])[0];
  let databases = 0;
  return {
    version: () => value("show server_version"),
    fsync: () => value("show fsync"),
    walSyncs: async () =>
      Number(await value("select sum(fsyncs) from pg_stat_io where object = 'wal'")),
    // None is dropped before the end: on ext4 without a journal, creating files takes up to three times as long for
    // minutes after many were deleted.
    freshDatabase: async () => {
      databases += 1;
      const name = `bench_${databases}`;
      await sql.unsafe(`create database ${name}`);
      await sql.unsafe("checkpoint");
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    checkTables: async (database, count) => {
      const session = postgres(database, { max: 1, fetch_types: false, onnotice: () => {} });
      const [row] = await session.unsafe(
        "select count(*)::int as count from pg_class where relname ~ '^t[0-9]+$'",
      );
      await session.end();
      if (row.count !== count) throw new Error(`Expected ${count} tables, found ${row.count}.`);
    },
    end: () => sql.end(),
  };
}
