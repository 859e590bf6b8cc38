-- The runs of one comparison ($comparison) with the position of their control model, replicates in order.
SELECT m.run, m.position
FROM fact.comparison_run m JOIN fact.run r ON r.key = m.run
WHERE m.comparison = $comparison
ORDER BY m.position, r.replicate
