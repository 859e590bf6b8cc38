-- A run's log in the project's own form, as a team would write it from its own tables: one row an event, names for what
-- the form has a column for. A revocation at one verifier is none that the form can tell.
SELECT e.time, e.kind::VARCHAR AS kind, coalesce(e.operation, e.kind::VARCHAR) AS operation, e.id::VARCHAR AS id,
       p.id::VARCHAR AS principal, p.kind::VARCHAR AS principal_kind, q.id::VARCHAR AS target, q.kind::VARCHAR AS target_kind,
       e.credential::VARCHAR AS credential, e.issued::VARCHAR AS issued,
       CASE WHEN e.issued IS NOT NULL THEN e.credential_kind::VARCHAR END AS issued_kind,
       CASE WHEN e.issued IS NOT NULL THEN e.expires END AS issued_until,
       CASE WHEN e.issued IS NOT NULL THEN e.resolved::VARCHAR END AS issued_resolved,
       CASE WHEN e.issued IS NOT NULL THEN e.binding::VARCHAR END AS issued_binding,
       CASE WHEN e.issued IS NOT NULL THEN e.enforced END AS issued_enforced,
       e.task::VARCHAR AS task, e.parent_task::VARCHAR AS parent_task, e.action::VARCHAR AS action, e.approval::VARCHAR AS approval,
       e.requested, (e.duration / 1000000)::DECIMAL(18, 6) AS duration_s, r.name AS resource, k.resource_group, k.level::VARCHAR AS level,
       k.tier, (w.sensitivity / 1000)::DECIMAL(9, 3) AS sensitivity, (w.privilege / 1000)::DECIMAL(9, 3) AS privilege,
       e.args::VARCHAR AS args, e.decision::VARCHAR AS decision, e.reason::VARCHAR AS reason, $keeps AS keeps
FROM log.event e
JOIN fact.run n ON n.key = e.run
LEFT JOIN fact.principal p ON p.workload = n.workload AND p.id = e.principal
LEFT JOIN fact.principal q ON q.workload = n.workload AND q.id = e.target
LEFT JOIN fact.catalogue k ON k.workload = n.workload AND k.atom = e.atom
LEFT JOIN fact.weight w ON w.workload = n.workload AND w.atom = e.atom
LEFT JOIN fact.resource r ON r.workload = n.workload AND r.id = e.resource
WHERE e.run = $run AND e.time >= n.begins AND e.verifier IS NULL
ORDER BY e.time, e.id
