-- title: Decisions
-- question: Which share of what agents did was decided for itself, afresh, from memory, by a policy no longer in force, or not at all?
-- unit: percent of uses
-- grain: run, stat
-- unfinished: a use counts when it begins in the window
-- assumes: a use is decided by the last yes to its action that came before it; what was decided only for a role, a login or a task is undecided; fresh, cached and undecided add up to 100, and stale is part of cached; an attacker's uses name no action and are not counted
-- source: policy as code at request time: share of fresh decisions, of decisions by a policy no longer in force, and of actions that pass no enforcement point
WITH acted AS (
    SELECT e.run, e.id, e.action, e.time
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.action IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), answered AS (
    SELECT run, id, action, time, policy, cached FROM event
    WHERE kind = 'decide' AND decision = 'allow' AND action IS NOT NULL
), last_yes AS (
    SELECT u.run, u.id, d.id IS NOT NULL AS decided, d.cached, d.policy, d.time
    FROM acted u LEFT JOIN answered d ON d.run = u.run AND d.action = u.action AND d.time <= u.time
    QUALIFY row_number() OVER (PARTITION BY u.run, u.id ORDER BY d.time DESC NULLS LAST, d.id DESC) = 1
), judged AS (
    SELECT y.run, y.decided, y.cached, y.policy <> p.id AS other
    FROM last_yes y ASOF LEFT JOIN policy p ON p.run = y.run AND p.valid_from <= y.time
), told AS (
    SELECT run, count(*) AS uses, count(*) FILTER (NOT decided) AS undecided,
           count(*) FILTER (decided AND NOT cached) AS fresh, count(*) FILTER (decided AND cached) AS cached,
           count(*) FILTER (decided AND cached AND other) AS stale,
           -- A decision that does not say whether it is an earlier one, or by which policy.
           count(*) FILTER (decided AND cached IS NULL) AS vague,
           count(*) FILTER (decided AND cached AND other IS NULL) AS unnamed
    FROM judged GROUP BY run
), valued AS (
    SELECT r.run, g.stat, r.sees_actions AND r.sees_decisions AND r.sees_every_event AS seen,
           CASE g.stat WHEN 'undecided_percent' THEN 0 WHEN 'stale_percent' THEN coalesce(t.vague + t.unnamed, 0)
                       ELSE coalesce(t.vague, 0) END AS unclear,
           CASE g.stat WHEN 'fresh_percent' THEN t.fresh WHEN 'cached_percent' THEN t.cached
                       WHEN 'stale_percent' THEN t.stale ELSE t.undecided END * 100.0 / nullif(t.uses, 0) AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['fresh_percent', 'cached_percent', 'stale_percent', 'undecided_percent']) AS stat) g
    LEFT JOIN told t USING (run)
)
SELECT run, stat, CASE WHEN seen AND unclear = 0 THEN value END AS lo, lo AS hi,
       CASE WHEN seen THEN unclear ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
