// The least that reads all figures of pg_stat_statements from Node with this driver, without their texts.
import postgres from "postgres";

const sql = postgres(process.argv[2], { max: 1, fetch_types: false });
await sql.unsafe("select * from pg_stat_statements(false)");
await sql.end();
