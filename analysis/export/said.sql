-- What the log of one run says, in names instead of numbers; `run` is that run, as everywhere in the schema log. What carries a
-- number only, because nothing ever called it otherwise, is called by that.

-- Whoever may not keep names keeps such: of an error, what it meant is in the decision only.
CREATE TEMP MACRO is_pseudonym(name) AS coalesce(regexp_matches(name, '^[a-z]+-[0-9a-f]{20}$'), false);

CREATE TEMP VIEW name_of AS
SELECT n.entity, n.id, n.name FROM fact.natural_key n JOIN run r USING (run);

CREATE TEMP VIEW party AS
SELECT p.id, p.kind, p.name || CASE WHEN count(*) OVER (PARTITION BY p.name) > 1 THEN ' #' || p.id ELSE '' END AS name, m.role
FROM fact.principal p
JOIN run r USING (workload)
-- Under which role a session ran an ingest keeps as its membership.
LEFT JOIN (SELECT m.workload, m.member, min(c.name) AS role
           FROM fact.membership m JOIN fact.principal c ON c.workload = m.workload AND c.id = m.container AND c.kind = 'role'
           GROUP BY ALL) m ON m.workload = p.workload AND m.member = p.id;

-- What each credential was cut from, where the log shows that one was issued with another; of several parents a form has room for one.
CREATE TEMP TABLE cut_from AS
SELECT d.child, min(coalesce(n.name, d.parent::VARCHAR)) AS parent
FROM credential_edge d LEFT JOIN name_of n ON n.entity = 'credential' AND n.id = d.parent
GROUP BY d.child;

CREATE TEMP VIEW said AS
SELECT e.*,
       -- An ingest adds a number to an id that it met before, and to one that ends like that, and so will whoever reads this again. Of
       -- two events of one id the second keeps its number: they might become alike, and then count as one.
       coalesce(v.name, e.id::VARCHAR) AS numbered_name, regexp_replace(numbered_name, '#1$', '') AS event_name,
       regexp_matches(numbered_name, '#\d+$') AND numbered_name = event_name AS is_numbered,
       p.name AS principal_name, p.kind AS principal_kind, p.role AS principal_role,
       q.name AS target_name, q.kind AS target_kind, q.role AS target_role,
       coalesce(c.name, e.credential::VARCHAR) AS credential_name, coalesce(i.name, e.issued::VARCHAR) AS issued_name,
       coalesce(s.name, e.session::VARCHAR) AS session_name, coalesce(t.name, e.task::VARCHAR) AS task_name,
       coalesce(o.name, e.parent_task::VARCHAR) AS parent_task_name, coalesce(a.name, e.action::VARCHAR) AS action_name,
       coalesce(y.name, e.approval::VARCHAR) AS approval_name, x.name AS resource_name,
       k.resource_group, k.level, k.system, k.tier, w.sensitivity, w.privilege,
       r.profile, CASE WHEN r.kind = 'ingested' THEN split_part(r.profile, ',', 1) END AS read_through,
       -- A snapshot that was read remembers what was before it.
       r.kind <> 'ingested' AND e.time < r.begins AS is_earlier
FROM event e
JOIN run r USING (run)
LEFT JOIN party p ON p.id = e.principal
LEFT JOIN party q ON q.id = e.target
LEFT JOIN name_of v ON v.entity = 'event' AND v.id = e.id
LEFT JOIN name_of c ON c.entity = 'credential' AND c.id = e.credential
LEFT JOIN name_of i ON i.entity = 'credential' AND i.id = e.issued
LEFT JOIN name_of s ON s.entity = 'session' AND s.id = e.session
LEFT JOIN name_of t ON t.entity = 'task' AND t.id = e.task
LEFT JOIN name_of o ON o.entity = 'task' AND o.id = e.parent_task
LEFT JOIN name_of a ON a.entity = 'action' AND a.id = e.action
LEFT JOIN name_of y ON y.entity = 'approval' AND y.id = e.approval
LEFT JOIN fact.resource x ON x.workload = r.workload AND x.id = e.resource
LEFT JOIN fact.catalogue k ON k.workload = r.workload AND k.atom = e.atom
LEFT JOIN fact.weight w ON w.workload = r.workload AND w.atom = e.atom;
