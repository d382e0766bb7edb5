-- Makes the index of a partition its replica identity that belongs to the parent's replica identity.
create or replace function public.set_replica_identity_index(partition regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $function$
declare
    identity_index name;
begin
    select c.relname into strict identity_index
    from pg_inherits t
    join pg_index parent_index on parent_index.indrelid = t.inhparent and parent_index.indisreplident
    join pg_inherits i on i.inhparent = parent_index.indexrelid
    join pg_index own on own.indexrelid = i.inhrelid and own.indrelid = t.inhrelid
    join pg_class c on c.oid = own.indexrelid
    where t.inhrelid = partition;
    execute format('alter table %s replica identity using index %I', partition, identity_index);
end
$function$;

revoke execute on function public.set_replica_identity_index(regclass) from public;

comment on function public.set_replica_identity_index(regclass) is
    'Makes the index of a partition its replica identity that belongs to the parent''s replica identity.';
