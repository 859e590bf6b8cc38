-- title: What approvals let through
-- question: How much is done on the strength of one human's yes, is it what that human was shown, and what of the worst had no yes?
-- unit: percent of yeses | quick_percent; percent of approved calls | changed_percent; percent of uses of crown jewels | unapproved_jewels_percent, two_person_percent; uses per approval | uses_*
-- grain: run, stat
-- unfinished: uses in the window count, whenever they were approved; an approval whose task goes on may be used again
-- assumes: uses_mean, uses_p95, uses_max: uses that rest on one approval, among approvals that were used at all; changed_percent: of calls that were themselves approved and let through, those with other arguments than were shown; quick_percent: of the yeses given in the window, those that took less than so long, too short to have looked; unapproved_jewels_percent: of uses of a write or permissions atom of tier 3, an attacker's too, those that rest on no human's yes; two_person_percent: of the same, those that rest on the yes of two people or more
-- parameter: quick_s = 10 in [0, 86400] | seconds; less is no inspection
-- pool: observations | limits
-- source: downstream actions per approval, approved-but-different actions, and the rubber-stamp share; unapproved privileged actions, and the two-person rule
WITH rested AS (
    SELECT e.run, e.approval, e.action, e.args
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.approval IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), observations AS (
    SELECT run, count(*) AS lo, count(*) AS hi FROM rested GROUP BY run, approval
), reach AS (
    SELECT run, avg(lo) AS mean, quantile_disc(lo, 0.95) AS p95, max(lo) AS most FROM observations GROUP BY run
), shown AS (
    SELECT u.run, 100.0 * count(*) FILTER (u.args IS DISTINCT FROM e.args) / count(*) AS changed
    FROM rested u
    JOIN event e ON e.run = u.run AND e.kind = 'decide_approval' AND e.approval = u.approval AND e.action = u.action
    GROUP BY u.run
), looked AS (
    SELECT d.run, 100.0 * count(*) FILTER (epoch_us(d.decided) - epoch_us(d.began) < $quick_s * 1e6) / nullif(count(d.began), 0) AS quick
    FROM approval d JOIN run r USING (run)
    WHERE d.kind = 'human' AND d.result = 'allow' AND d.decided >= r.t0 AND d.decided < r.t1
    GROUP BY d.run
), agreed AS (
    -- How many people said yes to the call that each approval was asked for.
    SELECT a.run, a.approval, count(DISTINCT o.principal) AS people
    FROM event a JOIN event o ON o.run = a.run AND o.action = a.action AND o.kind = 'decide_approval' AND o.decision = 'allow'
    WHERE a.kind = 'decide_approval' AND a.approval IS NOT NULL
    GROUP BY a.run, a.approval
), jewels AS (
    SELECT e.run, 100.0 * count(*) FILTER (e.approval IS NULL) / count(*) AS unapproved,
           100.0 * count(*) FILTER (g.people >= 2) / count(*) AS two
    FROM event e
    JOIN run r USING (run)
    JOIN catalogue k ON k.run = e.run AND k.atom = e.atom AND is_jewel(k.tier, k.level)
    LEFT JOIN agreed g ON g.run = e.run AND g.approval = e.approval
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY e.run
), valued AS (
    SELECT r.run, g.stat,
           r.sees_approvals AND r.sees_cover AND r.sees_every_event AND (g.stat <> 'changed_percent' OR r.sees_tool)
           AND (g.stat NOT IN ('unapproved_jewels_percent', 'two_person_percent') OR r.sees_touch) AS seen,
           CASE g.stat WHEN 'uses_mean' THEN u.mean WHEN 'uses_p95' THEN u.p95 WHEN 'uses_max' THEN u.most
                       WHEN 'changed_percent' THEN s.changed WHEN 'quick_percent' THEN l.quick
                       WHEN 'unapproved_jewels_percent' THEN j.unapproved ELSE j.two END AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['uses_mean', 'uses_p95', 'uses_max', 'changed_percent', 'quick_percent',
                               'unapproved_jewels_percent', 'two_person_percent']) AS stat) g
    LEFT JOIN jewels j USING (run)
    LEFT JOIN reach u USING (run)
    LEFT JOIN shown s USING (run)
    LEFT JOIN looked l USING (run)
)
SELECT run, stat, CASE WHEN seen THEN value END AS lo, lo AS hi,
       CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
