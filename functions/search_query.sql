-- Turns what a user typed into a query for courses.search_vector; null where nothing can be searched for.
--
-- Each word of two or more letters is looked for as a beginning, a single one as it is: as a beginning it would match
-- half of the catalogue. Of a run of characters that is not cut into words, every two neighbours must be there. The
-- lexemes hold letters and digits only (search_runs), so nothing that is typed can end one. The text is cut after 200
-- characters and the query after 16 parts, because a search reads the index once for each.
CREATE OR REPLACE FUNCTION search_query(query text)
RETURNS tsquery
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(lexeme, ' & ')::tsquery
    FROM (
        SELECT CASE WHEN length(run) > 1 THEN run || ':*' ELSE run END AS lexeme
        FROM search_runs(left(query, 200))
        WHERE is_word
        UNION
        SELECT CASE WHEN length(part) > 1 THEN substr(part, start, 2) ELSE part || ':*' END
        FROM search_runs(left(query, 200))
        CROSS JOIN LATERAL regexp_split_to_table(run, ' +') AS part
        CROSS JOIN LATERAL generate_series(1, greatest(length(part) - 1, 1)) AS start
        WHERE NOT is_word AND part <> ''
        LIMIT 16
    ) AS parts;
END;

COMMENT ON FUNCTION search_query(text) IS
    'Turns what a user typed into a query for courses.search_vector; null where nothing can be searched for.';
