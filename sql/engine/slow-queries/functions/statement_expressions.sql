-- Returns what to select from pg_stat_statements, as s, for the figures of statement_figures, in the order of its columns.
--
-- `present` are the columns of the extension's version. A figure is the sum of those of its columns that there are:
-- versions differ in the names and in how many they have, and none has two names for one.
create or replace function public.statement_expressions(present text[])
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    with figure (place, type, columns) as (
        values
            (1, 'bigint', array['calls']),
            (2, 'float8', array['total_exec_time', 'total_time']),
            (3, 'bigint', array['rows']),
            (4, 'bigint', array['plans']),
            (5, 'float8', array['total_plan_time']),
            (6, 'bigint', array['shared_blks_hit']),
            (7, 'bigint', array['shared_blks_read']),
            (8, 'bigint', array['shared_blks_dirtied']),
            (9, 'bigint', array['shared_blks_written']),
            (10, 'bigint', array['local_blks_read']),
            (11, 'bigint', array['local_blks_written']),
            (12, 'bigint', array['temp_blks_read']),
            (13, 'bigint', array['temp_blks_written']),
            (14, 'float8', array['shared_blk_read_time', 'blk_read_time', 'local_blk_read_time', 'temp_blk_read_time']),
            (15, 'float8', array[
                'shared_blk_write_time', 'blk_write_time', 'local_blk_write_time', 'temp_blk_write_time'
            ]),
            (16, 'bigint', array['wal_records']),
            (17, 'bigint', array['wal_fpi']),
            (18, 'bigint', array['wal_bytes']),
            (19, 'float8', array[
                'jit_generation_time', 'jit_inlining_time', 'jit_optimization_time', 'jit_emission_time'
            ])
    ), expression (place, text) as (
        select f.place, format('sum(%s)::%s', coalesce(string_agg('s.' || c.name, ' + '), 'null::bigint'), f.type)
        from figure f
        left join unnest(f.columns) c (name) on c.name = any (present)
        group by f.place, f.type
    )
    select concat_ws(
        ', ',
        case when 'stats_since' = any (present) then 'min(s.stats_since)' else 'null::timestamptz' end,
        format('max(s.max_%s)', n.time),
        format('sum(s.calls * (s.mean_%1$s * s.mean_%1$s + s.stddev_%1$s * s.stddev_%1$s))', n.time),
        string_agg(e.text, ', ' order by e.place)
    )
    from expression e
    cross join (select case when 'mean_exec_time' = any (present) then 'exec_time' else 'time' end) n (time)
    group by n.time;
$function$;

comment on function public.statement_expressions(text[]) is
    'Returns what to select from pg_stat_statements, as s, for the figures of statement_figures, in the order of its columns.';
