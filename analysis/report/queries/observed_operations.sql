-- What was done most often in a log (search_path log); $most of the operations.
SELECT coalesce(e.operation, e.kind::VARCHAR) AS operation, any_value(k.level) AS level, any_value(k.tier) AS tier,
       count(*) AS events, count(*) FILTER (e.decision = 'deny') AS refused, count(DISTINCT e.principal) AS identities,
       count(*) OVER () AS operations
FROM event e LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
GROUP BY 1
ORDER BY events DESC, operation
LIMIT $most
