-- Ends with DF050 unless the transaction is READ COMMITTED.
--
-- Under an older snapshot the query of a view would not see all that the counts of base_states() hold.
create or replace function public.require_read_committed()
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'A materialized view is refreshed under READ COMMITTED, not under %.',
            upper(current_setting('transaction_isolation'))
            using errcode = 'DF050', hint = 'Begin the transaction with: begin isolation level read committed.';
    end if;
end
$function$;

comment on function public.require_read_committed() is
    'Ends with DF050 unless the transaction is READ COMMITTED.';
