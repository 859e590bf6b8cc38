-- Each event in the source's names.
SELECT n.name AS event, e.time::VARCHAR AS time, e.kind, e.operation, p.name AS principal, k.name AS task, e.decision, e.reason, e.error,
       f.duration / 1000 AS ms, a.level, a.resource_group, a.tier, r.name AS resource, e.args IS NOT NULL AS has_args
FROM log.event e
JOIN fact.event f USING (run, id)
JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id
LEFT JOIN fact.natural_key k ON k.run = e.run AND k.entity = 'task' AND k.id = e.task
LEFT JOIN log.principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN log.resource r ON r.run = e.run AND r.id = e.resource
LEFT JOIN log.catalogue a ON a.run = e.run AND a.atom = e.atom
ORDER BY e.id;
