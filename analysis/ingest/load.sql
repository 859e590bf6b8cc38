-- One run ($run) of what was gathered, with what it names ($workload); who refuses and accepts is one `$system`, whose
-- credentials are those of one `$platform`, or nobody knows of which. `worth` says what each atom is declared to be worth.

INSERT INTO fact.principal BY NAME
-- Where a name occurs with several kinds, the first of the enumeration is taken.
SELECT $workload AS workload, n.id, n.name, min(k.kind::principal_kind) AS kind, min(k.since) AS active_from
FROM named n
JOIN (SELECT principal AS name, principal_kind AS kind, NULL::TIMESTAMP AS since FROM saying UNION SELECT target, target_kind, NULL FROM saying
      UNION SELECT principal_role, 'role', NULL FROM saying UNION SELECT target_role, 'role', NULL FROM saying
      UNION SELECT name, kind, since FROM standing WHERE what = 'identity' UNION SELECT name, 'role', NULL FROM standing WHERE what = 'trust'
      UNION SELECT holder, kind, NULL FROM standing WHERE holder IS NOT NULL
      UNION SELECT unnest(from_json(groups, '["VARCHAR"]')), 'group', NULL FROM standing) k USING (name)
WHERE n.entity = 'principal'
GROUP BY n.id, n.name;

INSERT INTO fact.membership BY NAME
SELECT $workload AS workload, m.id AS member, c.id AS container
FROM (SELECT principal AS name, principal_role AS role FROM saying UNION SELECT target, target_role FROM saying
      UNION SELECT name, unnest(from_json(groups, '["VARCHAR"]')) FROM standing) s
JOIN named m ON m.entity = 'principal' AND m.name = s.name
JOIN named c ON c.entity = 'principal' AND c.name = s.role;

INSERT INTO fact.resource BY NAME
SELECT $workload AS workload, n.id, n.name, min(s.resource_group) AS resource_group, $system AS system
FROM named n JOIN (SELECT DISTINCT resource AS name, resource_group FROM saying) s USING (name)
WHERE n.entity = 'resource'
GROUP BY n.id, n.name;

INSERT INTO fact.catalogue BY NAME
-- A group has as many resources as were named in it, and at least the one that was touched.
SELECT $workload AS workload, a.atom, a.atom_level AS level, a.atom_group AS resource_group, $system AS system, 0 AS verifier,
       $system AS verifier_name, $platform::VARCHAR AS platform, w.tier, greatest(1, s.resources) AS resources, w.by_choice
FROM atom a
JOIN worth w USING (atom)
LEFT JOIN (SELECT resource_group AS atom_group, count(DISTINCT resource) AS resources FROM saying GROUP BY resource_group) s USING (atom_group);

INSERT INTO fact.weight BY NAME
SELECT $workload AS workload, atom, sensitivity, privilege, sensitivity * privilege AS weight FROM worth;

-- A store that was made before there was a word for a reason has the event without it.
-- Joined as it stands here: what is joined to many wide rows is few or narrow.
SET disabled_optimizers = 'join_order,build_side_probe_side';
INSERT INTO fact.event BY NAME
SELECT $run AS run, t.event AS id, t.time, $resolution AS resolution, $meaning AS meaning, t.kind, p.id AS principal, q.id AS target,
       c.id AS credential, i.id AS issued, s.id AS session, k.id AS task, l.id AS parent_task, x.id AS action, y.id AS approval,
       t.operation, a.atom, r.id AS resource, t.requested, coalesce(t.duration, epoch_us(t.took)) AS duration, t.credential_kind, t.resolved,
       t.binding, t.enforced, t.expires, t.presented_kind, t.presented_from, t.presented_to, t.args, t.decision, TRY_CAST(t.reason AS event_reason) AS reason, t.error,
       t.origin, t.user_agent, t.request_id, t.invoked_by, t.source_file, t.ordinal
FROM told t
LEFT JOIN named p ON p.entity = 'principal' AND p.name = t.principal
LEFT JOIN named q ON q.entity = 'principal' AND q.name = t.target
LEFT JOIN named c ON c.entity = 'credential' AND c.name = t.credential
LEFT JOIN named i ON i.entity = 'credential' AND i.name = t.issued
LEFT JOIN named s ON s.entity = 'session' AND s.name = t.session
LEFT JOIN named k ON k.entity = 'task' AND k.name = t.task
LEFT JOIN named l ON l.entity = 'task' AND l.name = t.parent_task
LEFT JOIN named x ON x.entity = 'action' AND x.name = t.action
LEFT JOIN named y ON y.entity = 'approval' AND y.name = t.approval
LEFT JOIN named r ON r.entity = 'resource' AND r.name = t.resource
LEFT JOIN atom a ON a.atom_group = t.atom_group AND a.atom_level = t.atom_level
ORDER BY t.event;
RESET disabled_optimizers;

-- Whether what is cut from a credential ends with it no request tells.
INSERT INTO fact.credential_edge BY NAME
SELECT DISTINCT $run AS run, c.id AS child, p.id AS parent, 'chained' AS kind
FROM saying s
JOIN named c ON c.entity = 'credential' AND c.name = s.credential
JOIN named p ON p.entity = 'credential' AND p.name = s.presented_parent
WHERE s.presented_parent <> s.credential;

INSERT INTO fact.natural_key BY NAME
SELECT $run AS run, entity, id, name FROM named
UNION ALL BY NAME
SELECT $run AS run, 'event' AS entity, event AS id, name FROM kept;

INSERT INTO fact.source_file BY NAME
WITH first AS (
    SELECT source_file, count(DISTINCT position) AS records FROM read_first GROUP BY source_file
), event AS (
    SELECT source_file, count(DISTINCT position) AS records, count(*) AS events FROM kept GROUP BY source_file
)
SELECT $run AS run, c.number AS id, c.path, f.sha256, f.source, f.size AS bytes, f.records, coalesce(e.records, 0) AS kept,
       coalesce(r.records - e.records, r.records, 0) AS merged,
       f.records - f.silent - coalesce(r.records, 0) - coalesce(x.records, 0) AS repeated, f.silent, coalesce(x.records, 0) AS rejected,
       coalesce(e.events, 0) AS events
FROM chosen c
JOIN workbench.file f ON f.number = c.file
LEFT JOIN first r ON r.source_file = c.number
LEFT JOIN event e ON e.source_file = c.number
LEFT JOIN (SELECT file, count(position) AS records FROM workbench.refused GROUP BY file) x ON x.file = c.file
ORDER BY c.number;

INSERT INTO fact.reject BY NAME
SELECT $run AS run, c.number AS source_file, r.position AS ordinal, r.reason
FROM chosen c JOIN workbench.refused r ON r.file = c.file
ORDER BY c.number, r.position NULLS LAST;
