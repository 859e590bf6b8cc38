-- Each event that issued a credential.
SELECT n.name AS event, e.time::VARCHAR AS time, e.kind, c.name AS issued, e.credential_kind, e.expires::VARCHAR AS expires,
       e.resolved, e.binding, t.name AS target, t.kind AS target_kind
FROM log.event e
JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id
JOIN fact.natural_key c ON c.run = e.run AND c.entity = 'credential' AND c.id = e.issued
LEFT JOIN log.principal t ON t.run = e.run AND t.id = e.target
ORDER BY e.id;
