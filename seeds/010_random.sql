-- What the other files draw from. Nothing depends on the order of rows, on a plan or on random(): each number is a hash
-- of the random seed, a topic and the number of the thing that it is drawn for. Sums that decide something are of
-- integers, whose order does not matter. So the same parameters give the same rows, on each supported version.
--
-- All things are first worked out in temporary tables, where they have numbers from 1, and then written once, complete:
-- the totals in users and courses come from the viewings that the later files write.

-- The rows to be sorted and joined do not fit into the usual 4 MB.
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';
-- Compiling takes longer than what it saves here.
SET LOCAL jit = off;

CREATE TEMPORARY TABLE seed_run ON COMMIT DROP AS
SELECT
    settings.users,
    settings.courses,
    settings.days,
    settings.as_of,
    -- The data cover whole days: from this one to the day before as_of.
    settings.as_of - settings.days AS first_day,
    -- One viewing for each user and 16 days: 200,000 users in 400 days make 5,000,000.
    settings.users::bigint * settings.days / 16 AS views,
    -- And one search for each user and 240 days.
    settings.users::bigint * settings.days / 240 AS searches
FROM (
    SELECT
        current_setting('seed.users')::integer AS users,
        current_setting('seed.courses')::integer AS courses,
        current_setting('seed.days')::integer AS days,
        current_setting('seed.as_of')::date AS as_of
) settings;

ANALYZE seed_run;

-- The seed stands in the functions as a constant, so that the planner can put their bodies into the queries.
DO $block$
BEGIN
    EXECUTE format($statement$
        CREATE OR REPLACE FUNCTION pg_temp.seed_hash(topic text, item bigint) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN hashint8extended(item, hashtextextended(topic, %s))
    $statement$, current_setting('seed.random_seed')::bigint);
END
$block$;

-- From 0 to below 1, from 53 bits of the hash.
CREATE OR REPLACE FUNCTION pg_temp.roll(topic text, item bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (pg_temp.seed_hash(topic, item) & 9007199254740991)::double precision / 9007199254740992;

CREATE OR REPLACE FUNCTION pg_temp.chosen(topic text, item bigint, choices text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN choices[1 + floor(pg_temp.roll(topic, item) * cardinality(choices))::integer];

-- A UUID of version 8, which is for identifiers of one's own making.
CREATE OR REPLACE FUNCTION pg_temp.seed_uuid(topic text, item bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN overlay(
    overlay(
        lpad(to_hex(pg_temp.seed_hash(topic, item)), 16, '0') || lpad(to_hex(pg_temp.seed_hash(topic || '+', item)), 16, '0')
        PLACING '8' FROM 13
    )
    PLACING 'b' FROM 17
)::uuid;

-- A rank from 1 to `ranks`, where each rank is drawn about as often as 1 / rank ^ 0.9.
CREATE OR REPLACE FUNCTION pg_temp.popular_rank(roll double precision, ranks integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(
    ranks, floor(power(1 + roll * (power(ranks::double precision + 1, 0.1::double precision) - 1), 10))::integer
);

-- Days are counted from Monday, 3 January 2000, and so are slots, of which a Saturday and a Sunday have two: who goes
-- evenly from slot to slot watches twice as much on these days.
CREATE OR REPLACE FUNCTION pg_temp.slot_of_day(day date) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (day - date '2000-01-03') / 7 * 9 + (ARRAY[0, 1, 2, 3, 4, 5, 7])[1 + (day - date '2000-01-03') % 7];

CREATE OR REPLACE FUNCTION pg_temp.day_of_slot(slot integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date '2000-01-03' + slot / 9 * 7 + (ARRAY[0, 1, 2, 3, 4, 5, 5, 6, 6])[1 + slot % 9];

-- Seconds since midnight: afternoons and evenings of the weekend have slots of their own, the other days peak at night.
CREATE OR REPLACE FUNCTION pg_temp.second_of_slot(slot integer, roll double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 3600 * CASE
    WHEN slot % 9 IN (5, 7) THEN 9 + 8 * roll
    WHEN slot % 9 IN (6, 8) THEN 17 + 7 * roll
    WHEN roll < 0.04 THEN 50 * roll
    WHEN roll < 0.12 THEN 6 + 50 * (roll - 0.04)
    WHEN roll < 0.28 THEN 10 + 44 * (roll - 0.12)
    WHEN roll < 0.40 THEN 17 + 16 * (roll - 0.28)
    ELSE 19 + 8 * (roll - 0.40)
END;
