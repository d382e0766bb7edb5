-- migrate:description Partitions of viewings, progress and daily figures, ahead of time
-- migrate:up

-- No catch-all partition: a row without a partition is an error that somebody sees, and "partitions status" warns before.
INSERT INTO partition_policies (parent, granularity, ahead) VALUES
    ('watch_history', 'monthly', 3),
    ('content_analytics', 'monthly', 3),
    ('user_progress', 'yearly', 1);

-- migrate:down

DELETE FROM partition_policies WHERE parent IN ('watch_history'::regclass, 'content_analytics'::regclass, 'user_progress'::regclass);
