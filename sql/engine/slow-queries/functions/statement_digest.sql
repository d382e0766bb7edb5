-- Returns the digest by which the text of a statement is stored once.
--
-- Of the bytes as they are in this database: in SQL_ASCII they may be valid in no encoding.
create or replace function public.statement_digest(query text)
returns bytea
language sql
stable
set search_path = pg_catalog, pg_temp
as $function$
    select sha256(convert_to(query, getdatabaseencoding()));
$function$;

comment on function public.statement_digest(text) is
    'Returns the digest by which the text of a statement is stored once.';
