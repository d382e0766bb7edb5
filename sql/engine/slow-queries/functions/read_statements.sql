-- Returns the figures that pg_stat_statements has now, whatever its version, without the texts.
--
-- The texts lie in a file that is read as a whole. Statements that the caller may not see have no number, and are
-- summed up, as are those that a version before 1.9 shows twice because it does not tell what a function ran.
create or replace function public.read_statements()
returns table (
    user_id oid, database_id oid, query_id bigint, is_top_level boolean, statements bigint, since timestamptz,
    max_time double precision, exec_squares double precision, calls bigint, exec_time double precision, rows bigint,
    plans bigint, plan_time double precision, shared_hit bigint, shared_read bigint, shared_dirtied bigint,
    shared_written bigint, local_read bigint, local_written bigint, temp_read bigint, temp_written bigint,
    read_time double precision, write_time double precision, wal_records bigint, wal_full_pages bigint,
    wal_bytes bigint, jit_time double precision
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
begin
    return query execute (
        select format(
            'select s.userid, s.dbid, s.queryid, %s, count(*), %s from %I.pg_stat_statements(false) s group by 1, 2, 3, 4',
            case when 'toplevel' = any (x.columns) then 's.toplevel' else 'true' end,
            public.statement_expressions(x.columns),
            x.schema_name
        )
        from public.statement_extension() x
    );
end
$function$;

revoke execute on function public.read_statements() from public;

comment on function public.read_statements() is
    'Returns the figures that pg_stat_statements has now, whatever its version, without the texts.';
