-- Returns the text of a statement as it is kept in snapshots: without one that may hold a password.
--
-- Values are replaced in statements that read or write rows, and in no others: CREATE ROLE stands there with its
-- password, and what is kept goes into backups and to whoever restores them.
create or replace function public.kept_statement_text(query text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $function$
    select case
        when query ~* '\m(create|alter)\s+(role|user|group|server|subscription|system)\M' and query ~* 'password'
            then '(not kept, because it may hold a password)'
        else query
    end;
$function$;

comment on function public.kept_statement_text(text) is
    'Returns the text of a statement as it is kept in snapshots: without one that may hold a password.';
