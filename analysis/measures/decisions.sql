-- title: Decisions
-- question: Which share of what agents did was decided for itself, afresh, from memory, by a policy no longer in force, or had no decision of its own?
-- unit: percent of uses
-- grain: run, stat
-- unfinished: a use counts when it begins in the window
-- assumes: a use is decided by the last yes to its action that came before it; undecided is what has no decision of its own, whether it was decided for a role, a login or a task (as most is under task credentials; first_touch counts those as decided) or not at all; fresh, cached and undecided add up to 100, and stale is part of cached; an attacker's uses name no action and are not counted
-- source: policy as code at request time: share of fresh decisions, of decisions by a policy no longer in force, and of actions that pass no enforcement point
WITH acted AS (
    SELECT e.run, e.id, e.action, e.time
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.action IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), answered AS (
    SELECT run, id, action, time, policy, cached FROM bare_event
    WHERE kind = 'decide' AND decision = 'allow' AND action IS NOT NULL
), last_yes AS (
    SELECT u.run, arg_max(row(d.cached, d.policy, d.time), row(d.time, d.id)) AS yes
    FROM acted u JOIN answered d ON d.run = u.run AND d.action = u.action AND d.time <= u.time
    GROUP BY u.run, u.id
), yes AS (
    SELECT run, yes[1] AS cached, yes[2] AS policy, yes[3] AS time FROM last_yes
), judged AS (
    SELECT y.run, y.cached, y.policy <> p.id AS other
    FROM yes y ASOF LEFT JOIN policy p ON p.run = y.run AND p.valid_from <= y.time
), decided AS (
    SELECT run, count(*) AS uses, count(*) FILTER (NOT cached) AS fresh, count(*) FILTER (cached) AS cached,
           count(*) FILTER (cached AND other) AS stale,
           -- A decision that does not say whether it is an earlier one, or by which policy.
           count(*) FILTER (cached IS NULL) AS vague, count(*) FILTER (cached AND other IS NULL) AS unnamed
    FROM judged GROUP BY run
), told AS (
    SELECT run, a.uses, a.uses - coalesce(d.uses, 0) AS undecided,
           coalesce(d.fresh, 0) AS fresh, coalesce(d.cached, 0) AS cached, coalesce(d.stale, 0) AS stale,
           coalesce(d.vague, 0) AS vague, coalesce(d.unnamed, 0) AS unnamed
    FROM (SELECT run, count(*) AS uses FROM acted GROUP BY run) a LEFT JOIN decided d USING (run)
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
