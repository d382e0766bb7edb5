import { sqlFile } from "../db/sql-file.ts";
import type { Server, Session } from "./rows.ts";

export const server = sqlFile<Server>("slow-queries/server.sql");
export const running = sqlFile<Session>("slow-queries/running.sql");
