-- The answer from a store that the deliveries were ingested into, as its latest run.
SELECT operation, count(*), count(error), count(DISTINCT credential) FROM fact.event WHERE run = (SELECT max(key) FROM fact.run)
GROUP BY operation ORDER BY operation;
