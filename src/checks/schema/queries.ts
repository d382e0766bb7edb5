import { sqlFile } from "../../db/sql-file.ts";
import type {
  AppliedVersion,
  DdlEventRow,
  DependencyRow,
  ObjectRow,
  OwnObject,
  PlpgsqlCheck,
  PrivilegeRow,
  PropertyRow,
  RoleName,
  SchemaFacts,
} from "./rows.ts";

export const facts = sqlFile<SchemaFacts>("checks/schema-facts.sql");
export const ownObjects = sqlFile<OwnObject>("checks/schema-engine.sql");
export const dependencies = sqlFile<DependencyRow>("checks/schema-dependencies.sql");
export const properties = sqlFile<PropertyRow>("checks/schema-properties.sql");
export const privileges = sqlFile<PrivilegeRow>("checks/schema-privileges.sql");
export const appliedVersions = sqlFile<AppliedVersion>("checks/applied-versions.sql");
export const roles = sqlFile<RoleName>("checks/roles.sql");
export const plpgsqlCheck = sqlFile<PlpgsqlCheck>("checks/plpgsql-check.sql");
export const ddlEvents = sqlFile<DdlEventRow>("checks/ddl-events.sql");

const tables = sqlFile<ObjectRow>("checks/schema-tables.sql");
const sequences = sqlFile<ObjectRow>("checks/schema-sequences.sql");
const views = sqlFile<ObjectRow>("checks/schema-views.sql");
const types = sqlFile<ObjectRow>("checks/schema-types.sql");
const routines = sqlFile<ObjectRow>("checks/schema-routines.sql");
const constraints = sqlFile<ObjectRow>("checks/schema-constraints.sql");
const indexes = sqlFile<ObjectRow>("checks/schema-indexes.sql");
const attachments = sqlFile<ObjectRow>("checks/schema-attachments.sql");
const others = sqlFile<ObjectRow>("checks/schema-others.sql");
const settings = sqlFile<ObjectRow>("checks/schema-settings.sql");

/** Those whose rows are objects. */
export const objects = [
  tables,
  sequences,
  views,
  types,
  routines,
  constraints,
  indexes,
  attachments,
  others,
  settings,
] as const;
