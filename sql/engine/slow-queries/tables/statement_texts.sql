-- The texts of the statements in snapshots, each once, however many entries have it.
--
-- The opening is what it takes to tell kinds of statements apart, and is not moved out of line as a long text is.
create table if not exists public.statement_texts (
    digest bytea primary key,
    query text not null,
    opening text not null generated always as (left(query, 60)) stored
);

comment on table public.statement_texts is
    'The texts of the statements in snapshots, each once, however many entries have it.';
comment on column public.statement_texts.digest is 'As statement_digest() works it out.';
