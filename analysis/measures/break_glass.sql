-- title: Break-glass
-- question: How often do owners take emergency access for their agents, and how much of it does nobody look at afterwards?
-- unit: accesses per 1000 root tasks | taken_per_1000_tasks; percent of accesses | unreviewed_percent
-- grain: run, stat
-- unfinished: what was taken in the window and is not reviewed by its end counts as not reviewed
-- assumes: taken_per_1000_tasks: emergency credentials that came into being in the window; unreviewed_percent: of these, without a review of the credential by the window's end, and no value where nobody took one. A log that loses events does not say how many there were
-- source: friction of control: exceptions per task, and the exceptions that nobody closes
WITH taken AS (
    SELECT c.run, count(*) AS accesses,
           count(*) FILTER (NOT EXISTS (FROM bare_event v WHERE v.run = c.run AND v.kind = 'review' AND v.issued = c.id AND v.time < r.t1)) AS unreviewed
    FROM credential c JOIN run r USING (run)
    WHERE c.kind = 'break_glass' AND c.from_lo >= r.t0 AND c.from_lo < r.t1
    GROUP BY c.run
), begun AS (
    SELECT t.run, count(*) AS roots
    FROM task t JOIN run r USING (run)
    WHERE t.parent IS NULL AND t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
), valued AS (
    SELECT r.run, g.stat,
           r.sees_credentials AND r.sees_every_event AND CASE g.stat WHEN 'unreviewed_percent' THEN r.sees_reviews ELSE r.sees_tasks END AS seen,
           CASE g.stat WHEN 'unreviewed_percent' THEN 100.0 * k.unreviewed / k.accesses
                       ELSE 1000.0 * coalesce(k.accesses, 0) / b.roots END AS value
    FROM run r
    CROSS JOIN (SELECT unnest(['taken_per_1000_tasks', 'unreviewed_percent']) AS stat) g
    LEFT JOIN taken k USING (run)
    LEFT JOIN begun b USING (run)
)
SELECT run, stat, CASE WHEN seen THEN value END AS lo, lo AS hi, CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
