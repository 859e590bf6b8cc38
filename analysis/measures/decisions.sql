-- title: Decisions
-- question: Which share of what agents did was decided for itself, afresh, from memory, by a policy no longer in force, or had no decision of its own?
-- unit: percent of uses
-- grain: run, stat
-- unfinished: a use counts when it begins in the window
-- assumes: a use is decided by the last yes to its action that came before it; undecided is what has no decision of its own, whether it was decided for a role, a login or a task (as most is under task credentials, and first_touch counts those as decided) or not at all; fresh, cached and undecided add up to 100, and stale is part of cached; an attacker's uses name no action and are not counted. On a log a call of unknown outcome may count or not
-- source: policy as code at request time: share of fresh decisions, of decisions by a policy no longer in force, and of actions that pass no enforcement point
WITH acted AS (
    SELECT e.run, e.id, e.action, e.time, e.decision IS NULL AS doubtful
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.action IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), allowed AS (
    SELECT run, id, action, time, policy, cached FROM bare_event
    WHERE kind = 'decide' AND decision = 'allow' AND action IS NOT NULL
), last_yes AS (
    SELECT u.run, u.doubtful, arg_max(row(d.cached, d.policy, d.time), row(d.time, d.id)) AS yes
    FROM acted u JOIN allowed d ON d.run = u.run AND d.action = u.action AND d.time <= u.time
    GROUP BY u.run, u.id, u.doubtful
), yes AS (
    SELECT run, doubtful, yes[1] AS cached, yes[2] AS policy, yes[3] AS time FROM last_yes
), judged AS (
    SELECT y.run, y.doubtful, y.cached, y.policy <> p.id AS other
    FROM yes y ASOF LEFT JOIN policy p ON p.run = y.run AND p.valid_from <= y.time
), decided AS (
    SELECT run, doubtful, count(*) AS uses, count(*) FILTER (NOT cached) AS fresh, count(*) FILTER (cached) AS cached,
           count(*) FILTER (cached AND other) AS stale,
           -- A decision that does not say whether it is an earlier one, or by which policy.
           count(*) FILTER (cached IS NULL) AS vague, count(*) FILTER (cached AND other IS NULL) AS unnamed
    FROM judged GROUP BY run, doubtful
), told AS (
    SELECT run, doubtful, a.uses, a.uses - coalesce(d.uses, 0) AS undecided,
           coalesce(d.fresh, 0) AS fresh, coalesce(d.cached, 0) AS cached, coalesce(d.stale, 0) AS stale,
           coalesce(d.vague, 0) AS vague, coalesce(d.unnamed, 0) AS unnamed
    FROM (SELECT run, doubtful, count(*) AS uses FROM acted GROUP BY run, doubtful) a LEFT JOIN decided d USING (run, doubtful)
), shares AS (
    SELECT run, doubtful, uses, unnest(['fresh_percent', 'cached_percent', 'stale_percent', 'undecided_percent']) AS stat,
           unnest([fresh, cached, stale, undecided]) AS hits, unnest([vague, vague, vague + unnamed, 0]) AS unclear
    FROM told
), valued AS (
    -- Of uses of which nobody knows whether they were let in, at least those count that are not so, and at most those that are.
    SELECT run, stat, sum(unclear)::BIGINT AS unclear, coalesce(sum(uses) FILTER (doubtful), 0)::BIGINT AS doubtful,
           coalesce(100.0 * coalesce(sum(hits) FILTER (NOT doubtful), 0) / nullif(sum(uses - CASE WHEN doubtful THEN hits ELSE 0 END), 0), 100) AS least,
           coalesce(100.0 * sum(hits) / nullif(sum(CASE WHEN doubtful THEN hits ELSE uses END), 0), 0) AS most
    FROM shares GROUP BY run, stat
), asked AS (
    SELECT run, unnest(['fresh_percent', 'cached_percent', 'stale_percent', 'undecided_percent']) AS stat,
           sees_actions AND sees_decisions AND sees_every_event AS seen
    FROM run
)
SELECT a.run, a.stat, CASE WHEN a.seen AND v.unclear = 0 THEN v.least END AS lo, CASE WHEN a.seen AND v.unclear = 0 THEN v.most END AS hi,
       CASE WHEN a.seen THEN coalesce(v.unclear + v.doubtful, 0) ELSE 1 END AS unknowns
FROM asked a LEFT JOIN valued v USING (run, stat) ORDER BY a.run, a.stat
