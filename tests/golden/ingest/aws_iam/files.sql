-- What became of each file.
SELECT path, source, records, kept, repeated, rejected FROM fact.source_file ORDER BY id;
