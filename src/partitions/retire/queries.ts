import { sqlFile } from "../../db/sql-file.ts";
import type {
  OldTransaction,
  RetiredDrop,
  RetireFacts,
  RetireLock,
  Retirement,
  RetireParent,
} from "./rows.ts";

export const retireFacts = sqlFile<RetireFacts>("partitions/retire-facts.sql");
export const retireParents = sqlFile<RetireParent>("partitions/retire-parents.sql");
export const retirements = sqlFile<Retirement>("partitions/retirements.sql");
export const retiredDrops = sqlFile<RetiredDrop>("partitions/retired-drops.sql");
export const oldTransactions = sqlFile<OldTransaction>("partitions/old-transactions.sql");
export const retireLock = sqlFile<RetireLock>("partitions/retire-lock.sql");
