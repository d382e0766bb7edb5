// The least that reads all texts of pg_stat_statements from Node with this driver: the floor for `slow-queries`.
import postgres from "postgres";

const sql = postgres(process.argv[2], { max: 1, fetch_types: false });
await sql.unsafe("select count(*) from pg_stat_statements");
await sql.end();
