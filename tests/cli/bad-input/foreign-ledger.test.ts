import { expect, test } from "vitest";
import { createDatabase } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";
import { refusedWithHint, withoutChange } from "./refusals.ts";

const tables = {
  "Rails and dbmate":
    "create table schema_migrations (version varchar primary key); insert into schema_migrations values ('20240101000000')",
  "a tool without versions":
    "create table schema_migrations (name text); insert into schema_migrations values ('first')",
};

test.concurrent.for(Object.entries(tables))(
  "the table schema_migrations of %s is refused and left alone",
  async ([, table]) => {
    const { url, sql } = await createDatabase();
    await sql.unsafe(table);
    const project = await createProject({ "migrations/001_first.sql": migration("select 1") });
    const { exitCode, error } = await withoutChange(sql, async () =>
      refusedWithHint("migrate", "--url", url, "--project", project),
    );
    expect(exitCode).toBe(3);
    expect(error).toMatchObject({
      code: "LEDGER_FOREIGN",
      message: expect.stringContaining("schema_migrations") as string,
    });
  },
);
