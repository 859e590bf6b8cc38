-- Tasks as rebuilt: those whose beginning the samples show.
SELECT n.name AS task, a.name AS agent, p.name AS parent, t.started::VARCHAR AS started, t.ended::VARCHAR AS ended, t.outcome
FROM log.task t
JOIN fact.natural_key n ON n.run = t.run AND n.entity = 'task' AND n.id = t.id
LEFT JOIN fact.natural_key p ON p.run = t.run AND p.entity = 'task' AND p.id = t.parent
LEFT JOIN log.principal a ON a.run = t.run AND a.id = t.agent
ORDER BY n.name;
