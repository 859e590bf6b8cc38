-- One file ($path) as it lies in the bucket.
SELECT '{"Records":[' || string_agg(line, ',' ORDER BY time, id) || ']}' AS line FROM delivery WHERE path = $path
