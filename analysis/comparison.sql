-- The runs of one comparison ($comparison): control models in the order asked for, replicates in theirs.
SELECT m.run, m.position, r.control, r.replicate, r.profile, r.settings, r.begins, r.t0, r.t1,
       w.agents, w.actions, w.settings AS scenario, w.rebuilt_from::DOUBLE AS rebuilt_from
FROM fact.comparison_run m
JOIN fact.run r ON r.key = m.run
JOIN fact.workload w ON w.key = r.workload
WHERE m.comparison = $comparison
ORDER BY m.position, r.replicate
