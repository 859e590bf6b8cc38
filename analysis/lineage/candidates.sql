-- The events most worth asking about: attempts at what weighs most, the latest first.
SELECT e.id AS event, e.time, p.name AS actor, coalesce(e.operation, e.kind::VARCHAR) AS operation,
       k.level::VARCHAR AS level, k.resource_group AS "group", k.tier, e.decision
FROM event e
JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
LEFT JOIN principal p ON p.run = e.run AND p.id = e.principal
WHERE e.run = $run AND e.kind IN ('use', 'issue', 'assume') AND e.time >= (SELECT any_value(t0) FROM run WHERE run = $run)
ORDER BY k.weight DESC, e.time DESC, e.id
LIMIT 20
