-- Returns the constraints and triggers of a table that a partitioned one cannot have, and what helps.
--
-- What only newer versions have is read through jsonb, since older catalogs lack the columns.
create or replace function public.conversion_constraint_problems(relation regclass)
returns table (problem text, cure text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select p.problem, p.cure
    from pg_constraint k
    cross join lateral (select to_jsonb(k) as newer) n
    cross join lateral (
        values
            (
                k.contype = 'f' and k.confrelid = relation,
                format(
                    'foreign key "%s" of table %s refers to it, by columns that will not be unique by themselves',
                    k.conname, k.conrelid::regclass
                ),
                format('ALTER TABLE %s DROP CONSTRAINT %I;', k.conrelid::regclass, k.conname)
            ),
            (
                k.conrelid = relation and not k.convalidated and k.conname not in (
                    public.partition_name(relation, 'convert_cut'), public.partition_name(relation, 'convert_not_null')
                ),
                format('constraint "%s" is not valid', k.conname),
                case
                    when newer ->> 'conenforced' = 'false' then
                        format('ALTER TABLE %s DROP CONSTRAINT %I; and add it without NOT ENFORCED.', relation, k.conname)
                    else format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', relation, k.conname)
                end
            ),
            (
                k.conrelid = relation and k.connoinherit and k.contype in ('c', 'n'),
                format('constraint "%s" is declared NO INHERIT, which a partitioned table cannot have', k.conname),
                format('ALTER TABLE %s DROP CONSTRAINT %I; and add it without NO INHERIT.', relation, k.conname)
            ),
            (
                k.conrelid = relation and newer ->> 'conperiod' = 'true',
                format('constraint "%s" is one of periods', k.conname),
                null
            )
    ) p (applies, problem, cure)
    where relation in (k.conrelid, k.confrelid) and p.applies
    union all
    select
        format('trigger "%s" is one for each row with transition tables, which a partitioned table cannot have', t.tgname),
        'Make it one for each statement.'
    from pg_trigger t
    where t.tgrelid = relation
        and not t.tgisinternal
        and t.tgtype & 1 = 1
        and coalesce(t.tgoldtable, t.tgnewtable) is not null;
$function$;

comment on function public.conversion_constraint_problems(regclass) is
    'Returns the constraints and triggers of a table that a partitioned one cannot have, and what helps.';
