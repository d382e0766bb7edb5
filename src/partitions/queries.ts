import { sqlFile } from "../db/sql-file.ts";
import type {
  LockRow,
  Period,
  PlanRow,
  Policy,
  ServerState,
  SizeRow,
  StatementRow,
  StrayRow,
  TableWithoutPolicy,
} from "./rows.ts";

export const serverState = sqlFile<ServerState>("partitions/server-state.sql");
export const policies = sqlFile<Policy>("partitions/policies.sql");
export const plan = sqlFile<PlanRow>("partitions/plan.sql");
export const periods = sqlFile<Period>("partitions/periods.sql");
export const statements = sqlFile<StatementRow>("partitions/statements.sql");
export const locks = sqlFile<LockRow>("partitions/locks.sql");
export const sizes = sqlFile<SizeRow>("partitions/sizes.sql");
export const strays = sqlFile<StrayRow>("partitions/strays.sql");
export const tablesWithoutPolicy = sqlFile<TableWithoutPolicy>("partitions/without-policy.sql");
