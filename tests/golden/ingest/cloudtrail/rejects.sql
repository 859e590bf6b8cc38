-- What was refused, and why; no position: the whole file.
SELECT f.path, r.ordinal AS position, r.reason
FROM fact.reject r JOIN fact.source_file f ON f.run = r.run AND f.id = r.source_file
ORDER BY f.id, r.ordinal NULLS FIRST;
