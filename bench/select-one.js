// The least that a Node program with this driver can do with a database: the floor for `status`.
import postgres from "postgres";

const sql = postgres(process.argv[2], { max: 1, fetch_types: false });
await sql.unsafe("select 1");
await sql.end();
