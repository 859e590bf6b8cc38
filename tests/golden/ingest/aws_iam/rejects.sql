-- What was refused, and why; no position: the whole file. By what files are recognised changes with every source.
SELECT f.path, r.ordinal AS position, regexp_replace(r.reason, '^(no source recognises it) .*', '\1') AS reason
FROM fact.reject r JOIN fact.source_file f ON f.run = r.run AND f.id = r.source_file
ORDER BY f.id, r.ordinal NULLS FIRST;
