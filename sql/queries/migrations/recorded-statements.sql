-- The statements of each applied migration, as far as the ledger has them.
select version, up_sql from public.schema_migrations order by applied_order;
