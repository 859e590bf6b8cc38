-- The answer from a store that the deliveries were ingested into.
SELECT operation, count(*), count(error), count(DISTINCT credential) FROM fact.event GROUP BY operation ORDER BY operation;
