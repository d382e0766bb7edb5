-- The statements of migrations that are half-way, in order: begun and not recorded, or begun to be taken back and still recorded.
select s.version, s.direction, s.place, s.statement, s.checksum, s.done_before, s.ended_at is not null as ended
from public.migration_statements s
left join public.schema_migrations m on m.version = s.version
where s.direction = case when m.version is null then 'up' else 'down' end
order by s.version, s.direction, s.place;
