import { sqlFile } from "../../db/sql-file.ts";
import type {
  AheadStatement,
  Conversion,
  ConversionLock,
  ConversionStatement,
  Cut,
  NewerRows,
  UndoStatement,
} from "./rows.ts";

export const conversion = sqlFile<Conversion>("partitions/conversion.sql");
export const conversionCut = sqlFile<Cut>("partitions/conversion-cut.sql");
export const conversionLock = sqlFile<ConversionLock>("partitions/conversion-lock.sql");
export const preparation = sqlFile<ConversionStatement>("partitions/conversion-preparation.sql");
export const cutOverStatements = sqlFile<ConversionStatement>("partitions/conversion-cut-over.sql");
export const undoStatements = sqlFile<UndoStatement>("partitions/conversion-undo.sql");
export const newerRows = sqlFile<NewerRows>("partitions/conversion-newer-rows.sql");
export const aheadStatements = sqlFile<AheadStatement>("partitions/conversion-ahead.sql");
