import { sqlFile } from "../db/sql-file.ts";
import type { IntervalRow, Server, Session, StoredSnapshots, TakenSnapshot } from "./rows.ts";

export const server = sqlFile<Server>("slow-queries/server.sql");
export const running = sqlFile<Session>("slow-queries/running.sql");
export const takeSnapshot = sqlFile<TakenSnapshot>("slow-queries/take-snapshot.sql");
export const storedSnapshots = sqlFile<StoredSnapshots>("slow-queries/stored-snapshots.sql");
export const intervals = sqlFile<IntervalRow>("slow-queries/intervals.sql");
