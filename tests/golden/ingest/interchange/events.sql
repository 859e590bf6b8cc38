-- Each event in the log's names, as far as the log claims to keep them.
SELECT n.name AS event, e.time::VARCHAR AS time, e.kind, e.operation, p.name AS principal, p.kind AS principal_kind, g.name AS target,
       c.name AS credential, i.name AS issued, t.name AS task, l.name AS parent_task, y.name AS approval, e.duration, e.decision, e.reason,
       e.error, a.level, a.resource_group, r.name AS resource
FROM log.event e
JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id
LEFT JOIN fact.natural_key c ON c.run = e.run AND c.entity = 'credential' AND c.id = e.credential
LEFT JOIN fact.natural_key i ON i.run = e.run AND i.entity = 'credential' AND i.id = e.issued
LEFT JOIN fact.natural_key t ON t.run = e.run AND t.entity = 'task' AND t.id = e.task
LEFT JOIN fact.natural_key l ON l.run = e.run AND l.entity = 'task' AND l.id = e.parent_task
LEFT JOIN fact.natural_key y ON y.run = e.run AND y.entity = 'approval' AND y.id = e.approval
LEFT JOIN log.principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN log.principal g ON g.run = e.run AND g.id = e.target
LEFT JOIN log.resource r ON r.run = e.run AND r.id = e.resource
LEFT JOIN log.catalogue a ON a.run = e.run AND a.atom = e.atom
ORDER BY e.id;
