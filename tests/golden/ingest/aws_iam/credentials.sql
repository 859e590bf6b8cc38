-- Keys and passwords that work, whose they are, and for how long they are proven to have worked.
SELECT n.name, c.kind, p.name AS holder, p.kind AS holder_kind, c.resolved, c.binding, c.from_lo, c.from_hi, c.to_lo, c.to_hi, c.basis
FROM log.credential c
JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
LEFT JOIN log.principal p ON p.run = c.run AND p.id = c.holder
ORDER BY n.name
