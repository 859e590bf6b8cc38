-- Everything that the evidence ties to one event; a row a link, of a chain one for each step away from the event.
WITH RECURSIVE asked AS (
    FROM event WHERE run = $run AND id = $event
), presented AS (
    SELECT e.run, 0 AS step, e.credential, e.time FROM asked e WHERE e.credential IS NOT NULL
    UNION ALL
    -- What was presented when this one was issued; each is older than what it was issued for, so the chain ends.
    SELECT p.run, p.step + 1, i.credential, i.time
    FROM presented p
    JOIN event i ON i.run = p.run AND i.issued = p.credential AND i.kind IN ('issue', 'renew', 'assume') AND i.time <= p.time
    WHERE i.credential IS NOT NULL AND i.credential <> p.credential AND p.step < 64
), above AS (
    SELECT t.run, 0 AS step, t.id, t.parent, t.intent, t.started, t.ended
    FROM task t JOIN asked e ON e.run = t.run AND e.task = t.id
    UNION ALL
    SELECT t.run, a.step + 1, t.id, t.parent, t.intent, t.started, t.ended
    FROM above a JOIN task t ON t.run = a.run AND t.id = a.parent WHERE a.step < 64
), answering AS (
    SELECT o.run, o.owner, o.role, o.acknowledged, o.valid_from, o.valid_to, e.time
    FROM asked e JOIN ownership o ON o.run = e.run AND o.owned = e.principal
    WHERE coalesce(o.valid_from <= e.time, true) AND coalesce(o.valid_to > e.time, true)
), decided AS (
    -- What the decision point answered last when this was asked for.
    SELECT d.* FROM event d JOIN asked e ON e.run = d.run AND e.action = d.action AND d.kind = 'decide' AND d.time <= e.time
    WHERE d.id <> e.id ORDER BY d.time DESC, d.id DESC LIMIT 1
), link AS (
    SELECT 'event' AS link, 0 AS step, e.id, coalesce(e.operation, e.kind::VARCHAR) AS name,
           concat_ws(', ', e.kind, k.level || ' on ' || k.resource_group, x.name, e.decision, e.reason, e.error,
                     CASE WHEN e.cached THEN 'answered from memory' END) AS detail,
           e.time AS starts, e.time + to_microseconds(e.duration) AS ends
    FROM asked e
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    LEFT JOIN resource x ON x.run = e.run AND x.id = e.resource
    UNION ALL
    SELECT 'actor', 0, p.id, p.name, concat_ws(', ', p.kind, p.fleet), p.active_from, p.active_to
    FROM asked e JOIN principal p ON p.run = e.run AND p.id = e.principal
    UNION ALL
    SELECT a.role, 0, a.owner, p.name,
           concat_ws(', ', p.kind, CASE WHEN a.acknowledged THEN 'acknowledged' WHEN NOT a.acknowledged THEN 'not acknowledged' END),
           a.valid_from, a.valid_to
    FROM answering a LEFT JOIN principal p ON p.run = a.run AND p.id = a.owner
    UNION ALL
    SELECT 'member', 0, m.member, p.name, p.kind::VARCHAR, m.valid_from, m.valid_to
    FROM answering a
    JOIN membership m ON m.run = a.run AND m.container = a.owner
    JOIN principal p ON p.run = m.run AND p.id = m.member
    WHERE a.role = 'owner' AND coalesce(m.valid_from <= a.time, true) AND coalesce(m.valid_to > a.time, true)
    UNION ALL
    SELECT CASE step WHEN 0 THEN 'task' ELSE 'called_by' END, step, id, coalesce(intent, 'no intent told'), NULL, started, ended
    FROM above
    UNION ALL
    SELECT CASE p.step WHEN 0 THEN 'credential' ELSE 'issued_from' END, p.step, c.id, concat_ws(' ', c.kind, n.name),
           concat_ws(', ', 'held by ' || h.name, CASE WHEN c.binding <> 'unknown' THEN replace(c.binding::VARCHAR, '_', ' ') END, CASE WHEN c.resolved <> 'unknown' THEN 'authority ' || replace(c.resolved::VARCHAR, '_', ' ') END,
                     CASE WHEN c.to_lo IS DISTINCT FROM c.to_hi AND c.to_hi = 'infinity' THEN 'no end is known'
                          WHEN c.from_lo IS DISTINCT FROM c.from_hi OR c.to_lo IS DISTINCT FROM c.to_hi THEN 'at the longest' END),
           c.from_lo, c.to_hi
    FROM presented p
    JOIN credential c ON c.run = p.run AND c.id = p.credential
    LEFT JOIN principal h ON h.run = c.run AND h.id = c.holder
    -- What the log calls it; a simulated one has no such name.
    LEFT JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
    UNION ALL
    SELECT 'issue', p.step, i.id, coalesce(i.operation, i.kind::VARCHAR),
           concat_ws(', ', 'asked for by ' || w.name, 'for ' || t.name, 
                     CASE WHEN isfinite(i.expires) THEN 'until ' || strftime(i.expires, '%Y-%m-%d %H:%M:%S')
                          WHEN i.expires IS NOT NULL THEN 'never ends' END),
           i.time, i.time + to_microseconds(i.duration)
    FROM presented p
    JOIN event i ON i.run = p.run AND i.issued = p.credential AND i.kind IN ('issue', 'renew', 'assume') AND i.time <= p.time
    LEFT JOIN principal w ON w.run = i.run AND w.id = i.principal
    LEFT JOIN principal t ON t.run = i.run AND t.id = i.target
    UNION ALL
    SELECT 'approval', 0, d.id, coalesce(p.name, d.kind),
           concat_ws(', ', d.kind, d.result, CASE WHEN d.inspected THEN 'inspected' WHEN NOT d.inspected THEN 'waved through' END,
                     'summary by the ' || d.summary_author), d.requested, d.decided
    FROM asked e
    JOIN approval d ON d.run = e.run AND d.id = e.approval
    LEFT JOIN principal p ON p.run = d.run AND p.id = d.decider
    UNION ALL
    SELECT 'decision', 0, d.id, d.decision::VARCHAR,
           concat_ws(', ', 'by ' || w.name, d.reason, CASE WHEN d.cached THEN 'answered from memory' END), d.time, d.time + to_microseconds(d.duration)
    FROM decided d
    LEFT JOIN principal w ON w.run = d.run AND w.id = d.principal
    UNION ALL
    SELECT 'policy', 0, y.id, y.name, 'sha256 ' || y.hash[:12], y.valid_from, NULL
    FROM (SELECT run, policy FROM asked UNION SELECT run, policy FROM decided) d
    JOIN policy y ON y.run = d.run AND y.id = d.policy
), told AS (
    -- Which links this evidence could show: where it could and does not, there is none.
    SELECT unnest(['actor', 'owner', 'task', 'credential', 'decision', 'approval', 'policy']) AS link,
           unnest([false, r.sees_inventory AND s.run IS NULL, r.sees_tasks, r.sees_credentials, r.sees_decisions, r.sees_cover,
                   r.sees_decisions]) AS sees
    FROM asked e JOIN run r USING (run) LEFT JOIN shadow s ON s.run = e.run AND s.principal = e.principal
)
SELECT link, step, id, name, nullif(detail, '') AS detail, nullif(starts, '-infinity'::TIMESTAMP) AS starts, ends
FROM link
UNION ALL
SELECT t.link, 0, NULL, CASE WHEN NOT t.sees THEN 'not told by this log' WHEN t.link = 'policy' AND EXISTS (FROM decided WHERE reason = 'policy') THEN 'no policy file is named'
                             ELSE 'none' END, NULL, NULL, NULL
FROM told t ANTI JOIN link USING (link)
ORDER BY list_position(['event', 'actor', 'owner', 'member', 'escalation', 'task', 'called_by', 'credential', 'issued_from', 'issue',
                        'decision', 'approval', 'policy'], link), step, starts NULLS FIRST, id
