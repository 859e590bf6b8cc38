-- title: What approvals let through
-- question: How much is done on the strength of one human's yes, is it what that human was shown, and what of the worst had no yes?
-- unit: percent of yeses | quick_percent; percent of approved calls | changed_percent; percent of uses of crown jewels | unapproved_jewels_percent, two_person_percent; uses per approval | uses_*
-- grain: run, stat
-- unfinished: uses in the window count, whenever they were approved; an approval whose task goes on may be used again
-- assumes: uses_mean, uses_p95, uses_max: uses that rest on one approval, among approvals that were used at all; changed_percent: of calls that were themselves approved and let through, those with other arguments than were shown; quick_percent: of the yeses given in the window, those that took less than so long, too short to have looked; unapproved_jewels_percent: of uses of a write or permissions atom of tier 3, an attacker's too, those that rest on no human's yes; two_person_percent: of the same, those that rest on the yes of two people or more. On a log a call of unknown outcome may count or not, an answer of unknown outcome may be a yes or not, and an approval that only such calls rest on may not have been used. Where it does not tell how long an inspection took, that was no longer than since it was asked for
-- parameter: quick_s = 10 in [0, 86400] | seconds; less is no inspection
-- pool: observations | limits
-- source: downstream actions per approval, approved-but-different actions, and the rubber-stamp share; unapproved privileged actions, and the two-person rule
WITH rested AS (
    SELECT e.run, e.approval, e.action, e.args, e.decision IS NULL AS doubtful
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.approval IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), used AS (
    SELECT run, count(*) FILTER (NOT doubtful) AS surely, count(*) AS perhaps FROM rested GROUP BY run, approval
), observations AS (
    SELECT run, greatest(surely, 1) AS lo, perhaps AS hi FROM used
), along AS (
    -- Those that may not have been used make most if they were wherever as many rest on them as on this one (`above`), or more.
    SELECT run, surely, perhaps, count(*) OVER above AS above, count(*) FILTER (surely > 0) OVER whole + count(*) FILTER (surely = 0) OVER above AS of,
           coalesce(sum(perhaps) FILTER (surely > 0) OVER whole, 0) + coalesce(sum(perhaps) FILTER (surely = 0) OVER above, 0) AS uses
    FROM used WINDOW whole AS (PARTITION BY run), above AS (PARTITION BY run ORDER BY perhaps DESC)
), agreed AS (
    -- How many people said yes to the call that each approval was asked for.
    SELECT a.run, a.approval, count(DISTINCT o.principal) FILTER (o.decision = 'allow') >= 2 AS surely, count(DISTINCT o.principal) >= 2 AS perhaps
    FROM event a JOIN event o ON o.run = a.run AND o.action = a.action AND o.kind = 'decide_approval' AND o.decision IS DISTINCT FROM 'deny'
    WHERE a.kind = 'decide_approval' AND a.approval IS NOT NULL
    GROUP BY a.run, a.approval
), jewels AS (
    SELECT e.run, e.decision IS NULL AS doubtful, e.approval IS NULL AS unapproved, CASE WHEN g.surely THEN true WHEN g.perhaps IS NOT TRUE THEN false END AS two
    FROM event e
    JOIN run r USING (run)
    JOIN catalogue k ON k.run = e.run AND k.atom = e.atom AND is_jewel(k.tier, k.level)
    LEFT JOIN agreed g ON g.run = e.run AND g.approval = e.approval
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
), yeses AS (
    -- An inspection took no longer than since it was asked for.
    SELECT d.run, d.result IS NULL AS doubtful, d.decided - d.began < to_seconds($quick_s) OR d.decided - d.requested < to_seconds($quick_s) AS quick
    FROM approval d JOIN run r USING (run)
    WHERE d.kind = 'human' AND d.result IS DISTINCT FROM 'deny' AND d.decided >= r.t0 AND d.decided < r.t1
), told AS (
    SELECT run, unnest(['uses_mean', 'uses_p95', 'uses_max']) AS stat, sum(perhaps - surely)::BIGINT AS doubtful,
           unnest([avg(greatest(surely, 1)), quantile_disc(greatest(surely, 1), 0.95), max(greatest(surely, 1))]) AS lo,
           unnest([max(uses / of), max(perhaps) FILTER (of < 20 * above), max(perhaps)]) AS hi
    FROM along GROUP BY run
    UNION ALL
    SELECT u.run, 'changed_percent', count(*) FILTER (u.doubtful), least_percent(u.args IS DISTINCT FROM e.args, u.doubtful),
           most_percent(u.args IS DISTINCT FROM e.args, u.doubtful)
    FROM rested u
    JOIN event e ON e.run = u.run AND e.kind = 'decide_approval' AND e.approval = u.approval AND e.action = u.action
    GROUP BY u.run
    UNION ALL
    SELECT run, 'quick_percent', count(*) FILTER (doubtful OR quick IS NULL), least_percent(quick, doubtful), most_percent(quick, doubtful)
    FROM yeses GROUP BY run
    UNION ALL
    SELECT run, unnest(['unapproved_jewels_percent', 'two_person_percent']), unnest([count(*) FILTER (doubtful), count(*) FILTER (doubtful OR two IS NULL)]),
           unnest([least_percent(unapproved, doubtful), least_percent(two, doubtful)]),
           unnest([most_percent(unapproved, doubtful), most_percent(two, doubtful)])
    FROM jewels GROUP BY run
), asked AS (
    SELECT r.run, g.stat,
           r.sees_approvals AND r.sees_cover AND r.sees_every_event AND (g.stat <> 'changed_percent' OR r.sees_tool)
           AND (g.stat NOT IN ('unapproved_jewels_percent', 'two_person_percent') OR r.sees_touch) AS seen
    FROM run r
    CROSS JOIN (SELECT unnest(['uses_mean', 'uses_p95', 'uses_max', 'changed_percent', 'quick_percent',
                               'unapproved_jewels_percent', 'two_person_percent']) AS stat) g
)
SELECT a.run, a.stat, CASE WHEN a.seen THEN t.lo END AS lo, CASE WHEN a.seen THEN t.hi END AS hi,
       CASE WHEN a.seen THEN coalesce(t.doubtful, 0) ELSE 1 END AS unknowns
FROM asked a LEFT JOIN told t USING (run, stat) ORDER BY a.run, a.stat
