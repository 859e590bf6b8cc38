-- Authority as a log shows it: the atoms of each task's plan, and of the role or own key of each agent at work.
WITH shown AS (
    SELECT t.run, t.principal AS whose, s.atom
    FROM trust t JOIN scope_set_atom s USING (run, scope_set)
    JOIN principal p ON p.run = t.run AND p.id = t.principal AND coalesce(p.active_to = 'infinity', true)
    WHERE t.gate <> 'issuer'
    UNION
    -- The first places of an agent's keys (see ids.py) are its own, on each platform; where an issuer gives what is needed,
    -- those are of a time before, and of no account.
    SELECT c.run, c.holder, s.atom
    FROM credential c
    JOIN scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set
    JOIN catalogue k ON k.run = c.run AND k.atom = s.atom
    JOIN principal p ON p.run = c.run AND p.id = c.holder AND coalesce(p.active_to = 'infinity', true)
    WHERE c.kind = 'static_key' AND c.id % (1::BIGINT << 44) < (1::BIGINT << 20)
      AND NOT EXISTS (FROM trust t JOIN scope_set_atom g USING (run, scope_set) JOIN catalogue o ON o.run = t.run AND o.atom = g.atom
                      WHERE t.run = c.run AND t.gate <> 'issuer' AND o.platform IS NOT DISTINCT FROM k.platform)
), common AS (
    -- A broad role is one for all: what an agent has besides was added to it.
    SELECT run, atom FROM shown GROUP BY run, atom
    HAVING count(DISTINCT whose) = (SELECT count(DISTINCT o.whose) FROM shown o WHERE o.run = shown.run)
)
SELECT 'plan' AS what, e.task AS whose, s.atom
FROM bare_event e JOIN scope_set_atom s ON s.run = e.run AND s.scope_set = e.scope_set
WHERE e.kind = 'issue' AND e.task IS NOT NULL AND e.action IS NULL
UNION ALL
SELECT 'role', h.whose, h.atom
FROM shown h JOIN run r USING (run) LEFT JOIN common c USING (run, atom)
WHERE c.atom IS NOT NULL OR coalesce(r.settings->>'$.issue.authority', '') <> 'role_union'
