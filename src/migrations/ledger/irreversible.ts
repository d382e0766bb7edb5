import type { Output } from "../../output/output.ts";
import type { MigrationFile } from "../../project/migration-file.ts";

/** Returns why a migration cannot be taken back, as its file says; null where it can. */
export function irreversibleReason({ down }: Pick<MigrationFile, "down">): string | null {
  return "irreversible" in down ? down.irreversible : null;
}

/** Says which of the migrations cannot be taken back, and why. */
export function noteIrreversible(output: Output, migrations: readonly MigrationFile[]): void {
  for (const migration of migrations) {
    const reason = irreversibleReason(migration);
    if (reason !== null)
      output.note(`Migration "${migration.version.name}" cannot be rolled back: ${reason}`);
  }
}
