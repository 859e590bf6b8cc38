-- Authority as a log shows it: the atoms of each task's plan, of each agent's role and key, and since when a key is there.
SELECT 'plan' AS what, e.task AS whose, s.atom, NULL AS since
FROM event e JOIN scope_set_atom s ON s.run = e.run AND s.scope_set = e.scope_set
WHERE e.kind = 'issue' AND e.task IS NOT NULL AND e.action IS NULL
UNION ALL
SELECT 'role', t.principal, s.atom, NULL
FROM trust t JOIN scope_set_atom s USING (run, scope_set)
UNION ALL
SELECT 'role', c.holder, s.atom, epoch_us(c.from_lo)
FROM credential c JOIN scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set
WHERE c.kind = 'static_key'
