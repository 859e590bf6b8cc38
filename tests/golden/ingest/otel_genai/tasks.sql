-- The tasks as rebuilt.
SELECT n.name AS task, l.name AS parent, p.name AS agent, t.started::VARCHAR AS started, t.ended::VARCHAR AS ended, t.outcome
FROM log.task t
JOIN fact.natural_key n ON n.run = t.run AND n.entity = 'task' AND n.id = t.id
LEFT JOIN fact.natural_key l ON l.run = t.run AND l.entity = 'task' AND l.id = t.parent
LEFT JOIN log.principal p ON p.run = t.run AND p.id = t.agent
ORDER BY t.started;
