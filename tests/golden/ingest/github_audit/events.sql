-- Each event in the source's names.
SELECT n.name AS event, e.time::VARCHAR AS time, e.kind, e.operation, p.name AS principal, p.kind AS principal_kind, t.name AS target,
       c.name AS credential, s.name AS session, e.decision, e.reason, e.error, a.level, a.resource_group, a.tier, e.invoked_by,
       r.name AS resource, e.args IS NOT NULL AS has_args, e.origin
FROM log.event e
JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id
LEFT JOIN fact.natural_key c ON c.run = e.run AND c.entity = 'credential' AND c.id = e.credential
LEFT JOIN fact.natural_key s ON s.run = e.run AND s.entity = 'session' AND s.id = e.session
LEFT JOIN log.principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN log.principal t ON t.run = e.run AND t.id = e.target
LEFT JOIN log.resource r ON r.run = e.run AND r.id = e.resource
LEFT JOIN log.catalogue a ON a.run = e.run AND a.atom = e.atom
ORDER BY e.id;
