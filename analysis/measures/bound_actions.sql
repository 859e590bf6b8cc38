-- title: Bound actions
-- question: Of what agents did, how much was bound to the instance that did it, to its task, and to somebody who answered for it then?
-- unit: percent of uses
-- grain: run, bound_to
-- unfinished: a use counts when it begins in the window
-- assumes: instance: the credential is its holder's own and shows it, by a key or a context that verifiers ask for, so that a copy is no good to others; task: it was issued for the task it was used for; owner: somebody who is there answered for the identity at that moment; all: all three of these together. An attacker's uses count too: whoever has the key passes for its holder. On a log what does not tell one of them may have it or not, and so a call of unknown outcome may count or not; a log that does not keep calls of every kind is asked of those that it keeps
-- source: identity bound to action and ownership throughout: instance, task and owner, verified at each action
WITH used AS (
    SELECT e.run, e.id, e.principal, e.time, e.decision IS NULL AS doubtful,
           c.holder = e.principal AND c.enforced
           AND nullif(c.binding, 'unknown') IN ('key_exportable', 'key_bound', 'context_bound') AS instance,
           -- Where every issue is seen, a credential without a task was issued for none.
           CASE WHEN r.sees_tasks AND (c.task IS NOT NULL OR (c.id IS NOT NULL AND r.sees_every_credential))
                THEN coalesce(c.task = e.task, false) END AS task
    FROM bare_event e
    JOIN run r USING (run)
    LEFT JOIN credential c ON c.run = e.run AND c.id = e.credential
    WHERE e.kind = 'use' AND coalesce(e.decision = 'allow', true) AND e.time >= r.t0 AND e.time < r.t1
), unanswering AS (
    SELECT u.run, u.id,
           count(*) FILTER (n.bound <> 'lo' AND coalesce(n.starts <= u.time, true) AND coalesce(n.ends > u.time, true)) = 0 AS surely,
           count(*) FILTER (n.bound <> 'hi' AND n.starts <= u.time AND n.ends > u.time) > 0 AS surely_not
    FROM used u JOIN unanswered n USING (run, principal)
    GROUP BY u.run, u.id
), verified AS (
    -- Somebody always answers for an identity of which it is never said that nobody does.
    SELECT u.run, u.doubtful, u.instance, u.task,
           CASE WHEN t.run IS NULL THEN NULL WHEN a.run IS NULL OR a.surely THEN true WHEN a.surely_not THEN false END AS owner
    FROM used u
    LEFT JOIN (FROM there SEMI JOIN (FROM run WHERE sees_scope) USING (run)) t USING (run, principal)
    LEFT JOIN unanswering a USING (run, id)
), told AS (
    -- What is alike is counted first.
    SELECT run, doubtful, unnest(['instance', 'task', 'owner', 'all']) AS bound_to,
           unnest([instance, task, owner, instance AND task AND owner]) AS yes, uses
    FROM (SELECT run, doubtful, instance, task, owner, count(*) AS uses FROM verified GROUP BY ALL)
), shares AS (
    -- Of calls of which nobody knows whether they were let through, at least those count that are not bound, and at most those that may be.
    SELECT run, bound_to,
           coalesce(100.0 * coalesce(sum(uses) FILTER (yes AND NOT doubtful), 0)::BIGINT / sum(uses) FILTER (NOT doubtful OR yes IS NOT TRUE)::BIGINT, 100) AS least,
           coalesce(100.0 * coalesce(sum(uses) FILTER (yes IS NOT FALSE), 0)::BIGINT / sum(uses) FILTER (NOT doubtful OR yes IS NOT FALSE)::BIGINT, 0) AS most,
           coalesce(sum(uses) FILTER (yes IS NULL OR doubtful), 0)::BIGINT AS unknowns
    FROM told GROUP BY run, bound_to
), seen AS (
    SELECT run, g.bound_to,
           sees_all_kept AND CASE g.bound_to WHEN 'instance' THEN sees_credentials WHEN 'task' THEN sees_credentials AND sees_tasks
                                             WHEN 'owner' THEN sees_scope ELSE sees_credentials OR sees_scope END AS told
    FROM run CROSS JOIN (SELECT unnest(['instance', 'task', 'owner', 'all']) AS bound_to) g
)
SELECT n.run, n.bound_to, CASE WHEN n.told THEN s.least END AS lo, CASE WHEN n.told THEN s.most END AS hi,
       CASE WHEN n.told THEN coalesce(s.unknowns, 0) ELSE 1 END AS unknowns
FROM seen n LEFT JOIN shares s USING (run, bound_to)
ORDER BY n.run, n.bound_to
