import type postgres from "postgres";

/** A table with partitions by months, of which the oldest ones are due to be retired. */
export interface OldPartitions {
  /** Schema and name as SQL writes them. */
  readonly parent: string;
  /** How many months before the present one there are partitions. */
  readonly months: number;
  /** More columns of the policy, as SQL writes their values. */
  readonly policy?: Readonly<Record<string, string>>;
}

/** Rows of every partition, with what is hard to write in CSV. */
const rows = 40;

/** Creates it with rows in every partition; what ended more than three months ago is due. */
export async function createOldPartitions(
  sql: postgres.Sql,
  { parent, months, policy = {} }: OldPartitions,
): Promise<void> {
  const columns = Object.keys(policy).map((name) => `, ${name}`);
  const values = Object.values(policy).map((value) => `, ${value}`);
  await sql.unsafe(`
    create table ${parent} (
      id bigint not null, at timestamptz not null, "a ""note""" text, price double precision, lasted interval, raw bytea,
      doubled bigint generated always as (id * 2) stored, gone text
    ) partition by range (at);
    alter table ${parent} drop column gone;
    insert into public.partition_policies (parent, granularity, retain${columns.join("")})
    values ('${parent.replaceAll("'", "''")}', 'monthly', '3 months'${values.join("")});
    select public.create_monthly_partition('${parent.replaceAll("'", "''")}', month::date)
    from generate_series(
      date_trunc('month', now() at time zone 'UTC') - interval '${months} months', now() at time zone 'UTC', '1 month'
    ) month;
    insert into ${parent}
    select i, month + i * interval '1 hour', (array[null, '', 'a,b', 'say "x"', E'two\\nlines', '\\.', ' ä 😀'])[i % 7 + 1],
      i / 3.0, i * interval '1 hour', decode(md5(i::text), 'hex')
    from generate_series(
      date_trunc('month', now() at time zone 'UTC') - interval '${months} months', now() at time zone 'UTC', '1 month'
    ) month
    cross join generate_series(1, ${rows}) i`);
}

/** Counts and digests the rows of a table, whatever their order. */
export async function digestOf(sql: postgres.Sql, tables: readonly string[]): Promise<unknown> {
  const all = tables.map((table) => `select to_jsonb(t)::text as line from ${table} t`);
  const [digest] = await sql.unsafe(
    `select count(*)::int as rows, md5(string_agg(line, e'\\n' order by line)) as digest
     from (${all.join(" union all ")}) l`,
  );
  return digest;
}
