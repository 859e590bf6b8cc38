-- Each event in the trace's names.
SELECT n.name AS event, e.time::VARCHAR AS time, e.kind, e.operation, p.name AS principal, p.kind AS principal_kind, s.name AS session,
       t.name AS task, l.name AS parent_task, e.duration, e.args IS NOT NULL AS has_args, e.decision, e.reason, e.error
FROM log.event e
JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id
LEFT JOIN fact.natural_key s ON s.run = e.run AND s.entity = 'session' AND s.id = e.session
LEFT JOIN fact.natural_key t ON t.run = e.run AND t.entity = 'task' AND t.id = e.task
LEFT JOIN fact.natural_key l ON l.run = e.run AND l.entity = 'task' AND l.id = e.parent_task
LEFT JOIN log.principal p ON p.run = e.run AND p.id = e.principal
ORDER BY e.id;
