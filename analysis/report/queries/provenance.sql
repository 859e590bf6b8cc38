-- Where each run of a comparison ($comparison) comes from.
SELECT r.id, r.control, r.replicate, r.seed, r.engine, r.estimand, r.version, r.profile, w.id AS workload,
       w.agents, w.tasks, w.actions
FROM fact.comparison_run m
JOIN fact.run r ON r.key = m.run
JOIN fact.workload w ON w.key = r.workload
WHERE m.comparison = $comparison
ORDER BY m.position, r.replicate
