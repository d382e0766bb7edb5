import { z } from "zod";

/** The rows of the queries in sql/queries/seed/; a test compares them with what the server says. */
export const Begun = z.object({
  database: z.string(),
  locked: z.boolean(),
  settings_made: z.number(),
  pid: z.number().nullable(),
  user: z.string().nullable(),
  client_address: z.string().nullable(),
  application_name: z.string().nullable(),
  connected_since: z.date().nullable(),
});
export type Begun = z.infer<typeof Begun>;

export const TableWithRows = z.object({ table: z.string() });
export type TableWithRows = z.infer<typeof TableWithRows>;

export const Inserted = z.object({ table: z.string(), rows: z.number() });
export type Inserted = z.infer<typeof Inserted>;
