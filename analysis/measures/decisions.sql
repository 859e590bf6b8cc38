-- title: Decisions
-- question: Which share of what agents did was decided for itself, afresh, from memory, by a policy no longer in force, or had no decision of its own?
-- unit: percent of uses
-- grain: run, stat
-- unfinished: a use counts when it begins in the window
-- assumes: a use is decided by the last yes to its action that came before it; undecided is what has no decision of its own, whether it was decided for a role, a login or a task (as most is under task credentials, and first_touch counts those as decided) or not at all; fresh, cached and undecided add up to 100, and stale is part of cached; an attacker's uses name no action and are not counted. On a log a call of unknown outcome may count or not, decided in any way where it names no action, and a decision of unknown outcome may be a yes or not
-- source: policy as code at request time: share of fresh decisions, of decisions by a policy no longer in force, and of actions that pass no enforcement point
WITH acted AS (
    SELECT e.run, e.id, e.action, e.time, e.decision IS NULL AS doubtful
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
      AND (e.action IS NOT NULL OR (e.decision IS NULL AND r.kind = 'ingested'))
), decided AS (
    SELECT run, id, action, time, policy, cached, decision FROM bare_event
    WHERE kind = 'decide' AND decision IS DISTINCT FROM 'deny' AND action IS NOT NULL
), last_yes AS (
    SELECT u.run, u.id, u.action, u.time, u.doubtful, arg_max(row(d.time, d.id, d.cached, d.policy), row(d.time, d.id)) AS yes
    FROM acted u LEFT JOIN decided d ON d.run = u.run AND d.action = u.action AND d.time <= u.time AND d.decision = 'allow'
    GROUP BY ALL
), possible AS (
    SELECT run, id, action, doubtful, yes[1] AS time, yes[3] AS cached, yes[4] AS policy FROM last_yes
    UNION ALL
    -- Each since then of which nobody knows how it turned out may have been the last yes.
    SELECT u.run, u.id, u.action, u.doubtful, d.time, d.cached, d.policy
    FROM last_yes u JOIN decided d ON d.run = u.run AND d.action = u.action AND d.time <= u.time
    WHERE d.decision IS NULL AND (u.yes[1] IS NULL OR row(d.time, d.id) > row(u.yes[1], u.yes[2]))
), judged AS (
    -- Of what does not name its action nobody knows what decided it.
    SELECT p.run, p.id, p.doubtful, CASE WHEN p.action IS NOT NULL THEN p.time IS NULL END AS undecided,
           p.cached AND NOT undecided AS cached, NOT p.cached AND NOT undecided AS fresh,
           p.cached AND NOT undecided AND p.policy <> k.id AS stale
    FROM possible p ASOF LEFT JOIN policy k ON k.run = p.run AND k.valid_from <= p.time
), settled AS (
    SELECT run, doubtful, whichever(fresh) AS fresh, whichever(cached) AS cached, whichever(stale) AS stale, whichever(undecided) AS undecided
    FROM judged GROUP BY run, id, doubtful
), valued AS (
    SELECT run, unnest(['fresh_percent', 'cached_percent', 'stale_percent', 'undecided_percent']) AS stat,
           unnest([least_percent(fresh, doubtful), least_percent(cached, doubtful), least_percent(stale, doubtful), least_percent(undecided, doubtful)]) AS least,
           unnest([most_percent(fresh, doubtful), most_percent(cached, doubtful), most_percent(stale, doubtful), most_percent(undecided, doubtful)]) AS most,
           count(*) FILTER (doubtful) + unnest([count(*) FILTER (NOT doubtful AND fresh IS NULL), count(*) FILTER (NOT doubtful AND cached IS NULL),
                                                count(*) FILTER (NOT doubtful AND stale IS NULL), count(*) FILTER (NOT doubtful AND undecided IS NULL)]) AS unknowns
    FROM settled GROUP BY run
), asked AS (
    SELECT run, unnest(['fresh_percent', 'cached_percent', 'stale_percent', 'undecided_percent']) AS stat,
           sees_actions AND sees_decisions AND sees_every_event AS seen
    FROM run
)
SELECT a.run, a.stat, CASE WHEN a.seen THEN v.least END AS lo, CASE WHEN a.seen THEN v.most END AS hi,
       CASE WHEN a.seen THEN coalesce(v.unknowns, 0) ELSE 1 END AS unknowns
FROM asked a LEFT JOIN valued v USING (run, stat) ORDER BY a.run, a.stat
