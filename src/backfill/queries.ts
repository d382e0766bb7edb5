import { sqlFile } from "../db/sql-file.ts";
import type { Bounds, ListRow, Lock, Pressure, State, Target } from "./rows.ts";

export const backfillState = sqlFile<State>("backfill/state.sql");
export const backfillList = sqlFile<ListRow>("backfill/list.sql");
export const backfillTarget = sqlFile<Target>("backfill/target.sql");
export const backfillBounds = sqlFile<Bounds>("backfill/bounds.sql");
export const backfillLock = sqlFile<Lock>("backfill/lock.sql");
export const backfillPressure = sqlFile<Pressure>("backfill/pressure.sql");
