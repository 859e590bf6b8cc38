-- What became of the records of an ingest ($run), by source; files that no source knows are counted apart.
SELECT coalesce(source, 'not recognised') AS source, count(*) AS files, sum(bytes)::BIGINT AS bytes, sum(records)::BIGINT AS records,
       sum(kept)::BIGINT AS kept, sum(merged)::BIGINT AS merged, sum(repeated)::BIGINT AS repeated, sum(silent)::BIGINT AS silent,
       sum(rejected)::BIGINT AS rejected
FROM fact.source_file
WHERE run = $run
GROUP BY ALL
ORDER BY records DESC, source
