-- What must hold in any store. Each statement returns what breaks its rule: the run, what, and one example.
-- Written from the tables' meaning, apart from the engine; reads facts, not evidence.

-- invariant: a credential is used only while it is valid
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
JOIN fact.credential c ON c.run = e.run AND c.id = e.credential
JOIN fact.catalogue k ON k.workload = r.workload AND k.atom = e.atom
LEFT JOIN fact.acceptance a ON a.run = e.run AND a.credential = c.id AND a.verifier = k.verifier
WHERE e.kind = 'use' AND e.decision = 'allow'
  AND (e.time < c.from_lo OR e.time >= c.to_hi OR e.time >= coalesce(a.until_hi, 'infinity'));

-- invariant: a call touches what its action says
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
JOIN fact.action x ON x.workload = r.workload AND x.id = e.action
WHERE e.atom IS DISTINCT FROM x.atom OR e.resource IS DISTINCT FROM x.resource;

-- invariant: a credential is used only for what it holds
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
JOIN fact.credential c ON c.run = e.run AND c.id = e.credential
WHERE e.kind = 'use' AND e.decision = 'allow'
  AND NOT EXISTS (FROM fact.scope_set_atom s
                  WHERE s.run = e.run AND s.scope_set = c.scope_set AND s.atom = e.atom);

-- invariant: where verifiers ask assignments, a credential is used only for what its holder is assigned then
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
JOIN fact.credential c ON c.run = e.run AND c.id = e.credential AND c.resolved IN ('looked_up', 'both')
WHERE e.kind = 'use' AND e.decision = 'allow'
  AND NOT EXISTS (FROM fact.assignment a
                  JOIN fact.scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
                  WHERE a.run = e.run AND a.principal = c.holder AND s.atom = e.atom
                    AND a.valid_from <= e.time AND e.time < a.valid_to);

-- invariant: what an issuer put into a credential lies on one platform
SELECT c.run, 'credential ' || c.id AS what
FROM fact.credential c
JOIN fact.run r ON r.key = c.run AND r.kind <> 'ingested'
JOIN fact.scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set
JOIN fact.catalogue k ON k.workload = r.workload AND k.atom = s.atom
-- What a person handed over is whatever that person had.
WHERE NOT EXISTS (FROM fact.principal p WHERE p.workload = r.workload AND p.id = c.issuer AND p.kind = 'human')
GROUP BY c.run, c.id
HAVING count(DISTINCT k.platform) > 1;

-- invariant: whatever is presented was issued
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
WHERE e.credential IS NOT NULL AND NOT EXISTS (FROM fact.credential c WHERE c.run = e.run AND c.id = e.credential);

-- invariant: each credential has one issue, at the start of its validity
SELECT c.run, 'credential ' || c.id AS what
FROM fact.credential c
JOIN fact.run r ON r.key = c.run AND r.kind <> 'ingested'
LEFT JOIN fact.event e ON e.run = c.run AND e.issued = c.id AND e.kind IN ('issue', 'renew')
GROUP BY c.run, c.id, c.from_lo
HAVING count(e.id) <> 1 OR any_value(e.time) <> c.from_lo;

-- invariant: a child credential holds no more than its parent, and begins while the parent is valid
SELECT g.run, 'credential ' || g.child AS what
FROM fact.credential_edge g
JOIN fact.run r ON r.key = g.run AND r.kind <> 'ingested'
JOIN fact.credential c ON c.run = g.run AND c.id = g.child
JOIN fact.credential p ON p.run = g.run AND p.id = g.parent
WHERE c.from_lo < p.from_lo OR c.from_lo > p.to_hi
   OR EXISTS (FROM fact.scope_set_atom s WHERE s.run = c.run AND s.scope_set = c.scope_set AND NOT EXISTS (
              FROM fact.scope_set_atom t WHERE t.run = p.run AND t.scope_set = p.scope_set AND t.atom = s.atom));

-- invariant: a task starts once and ends at most once, not before its start; a real log may begin later, or tell it twice
SELECT e.run, 'task ' || e.task AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
WHERE e.kind IN ('task_start', 'task_end') AND e.task IS NOT NULL
GROUP BY e.run, e.task
HAVING count(*) FILTER (e.kind = 'task_start') <> 1 OR count(*) FILTER (e.kind = 'task_end') > 1
    OR max(e.time) FILTER (e.kind = 'task_end') < min(e.time) FILTER (e.kind = 'task_start');

-- invariant: the outcome of a task says what its events say
SELECT o.run, 'task ' || o.task AS what
FROM fact.task_outcome o
LEFT JOIN fact.event e ON e.run = o.run AND e.task = o.task AND e.kind = 'task_end'
WHERE o.ended IS DISTINCT FROM e.time OR (o.outcome = 'open') <> (o.ended IS NULL);

-- invariant: a completed task did every action it set out to do
SELECT o.run, 'task ' || o.task AS what
FROM fact.task_outcome o
JOIN fact.run r ON r.key = o.run
JOIN fact.action a ON a.workload = r.workload AND a.task = o.task
LEFT JOIN fact.need n ON n.run = o.run AND n.action = a.id
WHERE o.outcome = 'completed' AND n.met IS NOT TRUE;

-- invariant: a child task ends before its parent does, unless that does not wait for it
SELECT c.run, 'task ' || c.task AS what
FROM fact.task_outcome c
JOIN fact.task_outcome p ON p.run = c.run AND p.task = c.parent
JOIN fact.run r ON r.key = c.run
LEFT JOIN fact.task t ON t.workload = r.workload AND t.id = c.task
WHERE c.started < p.started
   OR (t.detached IS DISTINCT FROM true AND p.ended IS NOT NULL AND (c.ended IS NULL OR c.ended > p.ended));

-- invariant: a task begins while the task that spawned it is under way
SELECT c.run, 'task ' || c.task AS what
FROM fact.task_outcome c
JOIN fact.task_outcome p ON p.run = c.run AND p.task = c.parent
WHERE c.started > p.ended;

-- invariant: intervals run forwards
SELECT run, 'credential ' || id AS what FROM fact.credential WHERE from_lo > from_hi OR to_lo > to_hi OR from_lo > to_hi
UNION ALL
SELECT run, 'need of action ' || action FROM fact.need WHERE requested > starts OR starts > ends
UNION ALL
SELECT run, 'approval ' || id FROM fact.approval WHERE requested > decided OR began NOT BETWEEN requested AND decided
UNION ALL
SELECT run, 'rebuilt credential ' || id FROM ledger.credential WHERE from_lo > from_hi OR to_lo > to_hi;

-- invariant: an acceptance ends inside the credential's validity
SELECT a.run, 'credential ' || a.credential AS what
FROM fact.acceptance a
LEFT JOIN fact.credential c ON c.run = a.run AND c.id = a.credential
WHERE c.id IS NULL OR a.until_lo < c.from_lo OR a.until_hi > c.to_hi;

-- invariant: no row is written twice
SELECT run, 'event ' || id AS what FROM fact.event GROUP BY run, id HAVING count(*) > 1
UNION ALL
SELECT run, 'credential ' || id FROM fact.credential GROUP BY run, id HAVING count(*) > 1
UNION ALL
SELECT run, 'acceptance of ' || credential FROM fact.acceptance GROUP BY run, credential, verifier HAVING count(*) > 1
UNION ALL
SELECT run, 'task ' || task FROM fact.task_outcome GROUP BY run, task HAVING count(*) > 1
UNION ALL
SELECT run, 'need of action ' || action FROM fact.need GROUP BY run, action HAVING count(*) > 1
UNION ALL
SELECT run, 'approval ' || id FROM fact.approval GROUP BY run, id HAVING count(*) > 1
UNION ALL
SELECT run, 'platform ' || name FROM fact.platform GROUP BY run, name HAVING count(*) > 1
UNION ALL
SELECT run, 'rebuilt credential ' || id FROM ledger.credential GROUP BY run, profile, id HAVING count(*) > 1
UNION ALL
SELECT NULL, 'task ' || id FROM fact.task GROUP BY workload, id HAVING count(*) > 1
UNION ALL
SELECT NULL, 'action ' || id FROM fact.action GROUP BY workload, id HAVING count(*) > 1
UNION ALL
SELECT run, entity || ' ' || name FROM fact.natural_key GROUP BY run, entity, name HAVING count(*) > 1;

-- invariant: nothing happens at or after the end of the run; before its beginning identities are governed, and no more
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e JOIN fact.run r ON r.key = e.run
-- A snapshot is of one instant, and remembers when what it lists was used before.
WHERE e.time >= r.t1 OR (e.time < r.begins AND r.kind <> 'ingested' AND e.kind NOT IN ('issue', 'renew', 'revoke', 'review', 'change_owner'));

-- invariant: what is older than a year before the window is only how something was made that was there then
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
WHERE e.time < r.t0 - INTERVAL 365 DAY AND e.kind <> 'issue';

-- invariant: nothing is issued to an agent after it was abandoned, and nothing it held ends after its identity
SELECT e.run, 'event ' || e.id AS what
FROM fact.event e
JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
JOIN fact.principal p ON p.workload = r.workload AND p.id = e.target
WHERE e.kind IN ('issue', 'renew') AND e.time >= p.active_to
UNION ALL
SELECT c.run, 'credential ' || c.id
FROM fact.credential c
JOIN fact.acceptance a ON a.run = c.run AND a.credential = c.id
JOIN fact.assignment g ON g.run = c.run AND g.principal = c.holder
GROUP BY c.run, c.id
HAVING max(a.until_hi) > max(g.valid_to);

-- invariant: every reference leads somewhere
SELECT r.key AS run, 'workload ' || r.workload AS what
FROM fact.run r WHERE NOT EXISTS (FROM fact.workload w WHERE w.key = r.workload)
UNION ALL
-- What the platform of a log gives nobody may have told.
SELECT DISTINCT r.key, 'platform ' || k.platform
FROM fact.run r JOIN fact.catalogue k ON k.workload = r.workload
WHERE r.kind <> 'ingested' AND NOT EXISTS (FROM fact.platform p WHERE p.run = r.key AND p.name = k.platform)
UNION ALL
SELECT e.run, 'principal of event ' || e.id
FROM fact.event e JOIN fact.run r ON r.key = e.run
WHERE e.principal IS NOT NULL
  AND NOT EXISTS (FROM fact.principal p WHERE p.workload = r.workload AND p.id = e.principal)
UNION ALL
SELECT e.run, 'action of event ' || e.id
FROM fact.event e JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
WHERE e.action IS NOT NULL
  AND NOT EXISTS (FROM fact.action a WHERE a.workload = r.workload AND a.id = e.action)
UNION ALL
SELECT e.run, 'task of event ' || e.id
FROM fact.event e JOIN fact.run r ON r.key = e.run AND r.kind <> 'ingested'
WHERE e.task IS NOT NULL AND NOT EXISTS (FROM fact.task t WHERE t.workload = r.workload AND t.id = e.task)
UNION ALL
SELECT e.run, 'policy of event ' || e.id
FROM fact.event e WHERE e.policy IS NOT NULL AND NOT EXISTS (FROM fact.policy p WHERE p.run = e.run AND p.id = e.policy)
UNION ALL
SELECT c.run, 'scope set of credential ' || c.id
FROM fact.credential c
WHERE c.scope_set IS NOT NULL AND NOT EXISTS (FROM fact.scope_set s WHERE s.run = c.run AND s.id = c.scope_set)
UNION ALL
SELECT s.run, 'event of incident step ' || s.step
FROM fact.incident_step s WHERE NOT EXISTS (FROM fact.event e WHERE e.run = s.run AND e.id = s.event)
UNION ALL
SELECT m.run, 'run of comparison ' || m.comparison
FROM fact.comparison_run m WHERE NOT EXISTS (FROM fact.run r WHERE r.key = m.run);

-- invariant: every record of an ingest is kept, merged, repeated, silent or rejected, and events are of those that are kept
SELECT f.run, 'file ' || f.path AS what
FROM fact.source_file f
WHERE f.records <> f.kept + f.merged + f.repeated + f.silent + f.rejected OR f.events < f.kept
   OR f.events <> (SELECT count(*) FROM fact.event e WHERE e.run = f.run AND e.source_file = f.id);
