import { expect, test } from "vitest";
import { withSession } from "../../src/db/session.ts";
import { createDatabase } from "../support/database.ts";
import { connectionOf } from "../support/server.ts";

test("a request to cancel that comes too late does not hit the next statement", async () => {
  const { url, sql } = await createDatabase();
  await sql`create table log as select n, md5(n::text) from generate_series(1, 5000) n`;
  await withSession(connectionOf(url), {}, async (session) => {
    for (let run = 0; run < 50; run += 1) {
      // The rest of the rows is on its way already when it is asked not to send them.
      for await (const rows of session.copyOut("copy log to stdout")) {
        expect(rows.length).toBeGreaterThan(0);
        break;
      }
      await session.query("select pg_sleep(0.02)");
    }
  });
});
