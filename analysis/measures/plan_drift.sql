-- title: Plan drift
-- question: Which share of what tasks touched was not in the plan that they began with?
-- unit: percent of uses by tasks
-- grain: run, part
-- unfinished: a use counts when it begins in the window
-- assumes: the plan of a task: the atoms that it and its sub-tasks declared when it began. outside: not in it; discovered: of that, by a call that the work turned out to need; astray: of that, by one that belongs to no intended call; unrelated: outside, and on a system that the plan does not touch at all. An attacker's calls are of no task. On a log a call of unknown outcome may count or not
-- source: drift: share of accesses outside the plan at task start, and how far outside
WITH systems AS (
    SELECT DISTINCT p.run, p.task, k.system FROM plan p JOIN catalogue k USING (run, atom)
), touched AS (
    SELECT e.run, e.action IS NOT NULL AS intended, e.decision IS NULL AS doubtful,
           CASE WHEN e.atom IS NOT NULL THEN p.atom IS NULL END AS outside,
           CASE WHEN k.system IS NOT NULL THEN s.system IS NULL END AS elsewhere
    FROM bare_event e
    JOIN run r USING (run)
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    LEFT JOIN plan p ON p.run = e.run AND p.task = e.task AND p.atom = e.atom
    LEFT JOIN systems s ON s.run = e.run AND s.task = e.task AND s.system = k.system
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.task IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
), told AS (
    SELECT run, doubtful, unnest(['outside', 'discovered', 'astray', 'unrelated']) AS part,
           unnest([outside, outside AND intended, outside AND NOT intended, outside AND elsewhere]) AS yes
    FROM touched
), shares AS (
    SELECT run, part, least_percent(yes, doubtful) AS least, most_percent(yes, doubtful) AS most,
           count(*) FILTER (yes IS NULL OR doubtful) AS unknowns
    FROM told GROUP BY run, part
), seen AS (
    SELECT run, g.part, sees_plan AND sees_every_event AND sees_touch AND (g.part IN ('outside', 'unrelated') OR sees_actions) AS told
    FROM run CROSS JOIN (SELECT unnest(['outside', 'discovered', 'astray', 'unrelated']) AS part) g
)
SELECT n.run, n.part, CASE WHEN n.told THEN s.least END AS lo, CASE WHEN n.told THEN s.most END AS hi,
       CASE WHEN n.told THEN coalesce(s.unknowns, 0) ELSE 1 END AS unknowns
FROM seen n LEFT JOIN shares s USING (run, part)
ORDER BY n.run, n.part
