-- What was declared of the log that the runs of a comparison ($comparison) were rebuilt from.
SELECT DISTINCT declared.settings AS assumptions
FROM fact.comparison_run m
JOIN fact.run r ON r.key = m.run
JOIN fact.workload w ON w.key = r.workload
JOIN fact.run source ON source.key = w.rebuilt_from
JOIN fact.workload declared ON declared.key = source.workload
WHERE m.comparison = $comparison
