-- When things were last used, by whom; whether they were let through only a sign-in tells.
SELECT e.time, e.kind, p.name, p.kind AS who, n.name AS credential, f.operation, f.atom IS NOT NULL AS atom, e.decision
FROM log.event e
JOIN fact.event f USING (run, id)
JOIN log.principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'credential' AND n.id = e.credential
ORDER BY e.time, e.id
