import { dbmate } from "./dbmate.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import type { ImportTool, ToolName } from "./tool.ts";

/** Every tool that can be taken over from. */
export const tools: Readonly<Record<ToolName, ImportTool>> = {
  dbmate,
  goose,
  "golang-migrate": golangMigrate,
  flyway,
  "node-pg-migrate": nodePgMigrate,
  "graphile-migrate": graphileMigrate,
};
