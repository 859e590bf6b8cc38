-- title: Windows with an action out of scope
-- question: Did any agent do in the window what its task did not need?
-- unit: percent of windows
-- grain: run
-- unfinished: calls in the window count
-- evidence: truth
-- assumes: out of scope is a call of a task that belongs to none of its intended actions, and was allowed
-- counts: windows
-- source: firms that saw an unintended action of an agent within a year, over all firms
WITH windows AS (
    SELECT r.run, (count(e.id) > 0)::INTEGER AS hits, 1 AS trials
    FROM run r
    LEFT JOIN event e ON e.run = r.run AND e.kind = 'use' AND e.decision = 'allow' AND e.task IS NOT NULL AND e.action IS NULL
                     AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY r.run
)
SELECT run, 100.0 * hits / trials AS lo, lo AS hi, 0 AS unknowns FROM windows ORDER BY run
