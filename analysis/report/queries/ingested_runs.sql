-- Completed ingests, the latest first.
SELECT key, id FROM fact.run WHERE kind = 'ingested' AND completed IS NOT NULL ORDER BY completed DESC, key DESC
