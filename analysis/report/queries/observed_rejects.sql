-- Why records or whole files of an ingest ($run) were refused, the commonest reason first; $most of them.
SELECT j.reason, count(*) AS records, min(f.path) AS first_file, arg_min(j.ordinal, f.path) AS first_position,
       count(*) OVER () AS reasons
FROM fact.reject j JOIN fact.source_file f ON f.run = j.run AND f.id = j.source_file
WHERE j.run = $run
GROUP BY j.reason
ORDER BY records DESC, j.reason
LIMIT $most
