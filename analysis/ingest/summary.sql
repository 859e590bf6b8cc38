-- What became of the files that are gathered, but for those of other kinds of export than $names, of which nothing is kept.
WITH observed AS (
    SELECT count(*) AS events, count(*) FILTER (principal IS NULL) AS nobody,
           count(*) FILTER (issued IS NOT NULL AND expires IS NULL AND kind IN ('issue', 'renew', 'assume')) AS endless,
           count(*) FILTER (kind = 'use' AND decision IS NULL) AS undecided
    FROM told
), restarted AS (
    SELECT count(*) AS restarted
    FROM (SELECT task FROM told WHERE kind = 'task_start' AND task IS NOT NULL GROUP BY task HAVING count(*) > 1)
), record AS (
    SELECT (SELECT count(DISTINCT (source_file, position)) FROM kept) AS kept,
           (SELECT count(DISTINCT (source_file, position)) FROM read_first) AS first,
           (SELECT count(*) FILTER (collides) FROM kept) AS collisions
), file AS (
    SELECT count(*) AS files, count(*) FILTER (f.source IS NULL) AS unread, sum(f.records)::BIGINT AS records, sum(f.silent)::BIGINT AS silent,
           sum(f.repaired)::BIGINT AS repaired, coalesce(sum(r.records), 0)::BIGINT AS rejected
    FROM chosen c
    JOIN workbench.file f ON f.number = c.file
    LEFT JOIN (SELECT file, count(position) AS records FROM workbench.refused GROUP BY file) r ON r.file = c.file
    WHERE f.source IS NULL OR list_contains($names, f.source)
)
SELECT files, unread, records, kept, first - kept AS merged, records - silent - first - rejected AS repeated, silent, rejected, events,
       collisions, repaired, nobody, endless, undecided, restarted
FROM observed, restarted, record, file;
