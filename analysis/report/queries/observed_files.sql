-- Files of an ingest ($run), those with refused records first; $most of them.
SELECT path, source, bytes, records, kept, merged, repeated, silent, rejected, sha256, count(*) OVER () AS files
FROM fact.source_file
WHERE run = $run
ORDER BY (source IS NULL OR rejected > 0) DESC, path
LIMIT $most
