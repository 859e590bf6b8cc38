-- What became of each file.
SELECT path, source, records, kept, merged, repeated, silent, rejected FROM fact.source_file ORDER BY id;
