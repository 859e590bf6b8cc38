-- Completed ingests, the latest first.
SELECT key, id, settings ->> 'source' AS source, t0, t1 FROM fact.run WHERE kind = 'ingested' AND completed IS NOT NULL ORDER BY completed DESC, key DESC
