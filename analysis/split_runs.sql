-- The completed runs of each step between two control models ($comparison), replicates in order.
SELECT s.step, s.run
FROM fact.split_run s
JOIN fact.run r ON r.key = s.run AND r.completed IS NOT NULL
WHERE s.comparison = $comparison
ORDER BY s.step, r.replicate
