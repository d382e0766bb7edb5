-- Creates the partition of the month in which a day lies, in UTC, unless the table has it: see create_partition().
create or replace function public.create_monthly_partition(parent regclass, day date)
returns table (partition regclass, "from" timestamp, "to" timestamp, created boolean)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $function$
    select c.* from public.create_partition(parent, 'monthly', day) c;
$function$;

revoke execute on function public.create_monthly_partition(regclass, date) from public;

comment on function public.create_monthly_partition(regclass, date) is
    'Creates the partition of the month in which a day lies, in UTC, unless the table has it: see create_partition().';
