-- What becomes of each column of the log's events and credentials: `rows` fill it, of which so many share one fate.

WITH fate AS (
    SELECT 'event' AS of, field, CASE WHEN left_out IS NULL THEN fate ELSE 'lost: ' || left_out END AS fate
    FROM (UNPIVOT event_fate ON COLUMNS(* EXCLUDE (event_key, left_out)) INTO NAME field VALUE fate)
    UNION ALL
    SELECT 'credential', field, CASE WHEN left_out IS NULL THEN fate ELSE 'lost: ' || left_out END
    FROM (UNPIVOT credential_fate ON COLUMNS(* EXCLUDE (credential_key, left_out)) INTO NAME field VALUE fate)
), counted AS (
    SELECT of, field, fate, count(*) AS number FROM fate GROUP BY ALL
), column_of AS (
    SELECT table_name AS of, column_name AS field, column_index AS place FROM duckdb_columns()
    WHERE schema_name = 'log' AND table_name IN ('event', 'credential') AND column_name <> 'run'
)
SELECT c.of || '.' || c.field AS field, coalesce(split_part(f.fate, ': ', 1), 'empty') AS fate, coalesce(f.number, 0) AS rows,
       coalesce(round(f.number / sum(f.number) OVER (PARTITION BY c.of, c.field), 6), 0) AS share,
       coalesce(substring(f.fate, nullif(instr(f.fate, ': '), 0) + 2), '') AS how
FROM column_of c LEFT JOIN counted f USING (of, field)
ORDER BY c.of DESC, c.place, list_position(['carried', 'otherwise', 'lost'], split_part(f.fate, ': ', 1)), f.number DESC, f.fate;
