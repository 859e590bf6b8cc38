-- Who may become which role; `certain` where what the role holds for certain comes with it.
SELECT p.name, p.kind, r.name AS role, bool_or(t.scope_set % 2 = 0) AS certain, t.gate, min(t.valid_from) AS valid_from, max(t.valid_to) AS valid_to
FROM log.trust t
JOIN log.principal p ON p.run = t.run AND p.id = t.principal
JOIN log.principal r ON r.run = t.run AND r.id = t.issuer
GROUP BY ALL ORDER BY p.name, role
