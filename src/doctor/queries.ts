import { sqlFile } from "../db/sql-file.ts";
import type { Engine, Server, Setting } from "./rows.ts";

export const server = sqlFile<Server>("doctor/server.sql");
export const settings = sqlFile<Setting>("doctor/settings.sql");
export const engine = sqlFile<Engine>("doctor/engine.sql");
