-- title: Break-glass
-- question: How often do owners take emergency access for their agents, and how much of it does nobody look at afterwards?
-- unit: accesses per 1000 root tasks | taken_per_1000_tasks; percent of accesses | unreviewed_percent
-- grain: run, stat
-- unfinished: what was taken in the window and is not reviewed by its end counts as not reviewed
-- assumes: taken_per_1000_tasks: emergency credentials that came into being in the window; unreviewed_percent: of these, without a review of the credential by the window's end, and no value where nobody took one. A log that loses events does not say how many there were
-- source: friction of control: exceptions per task, and the exceptions that nobody closes
WITH possible AS (
    -- Those that came into being in the window, or may have.
    SELECT c.run, NOT coalesce(c.from_lo >= r.t0 AND c.from_hi < r.t1, false) AS doubtful,
           NOT EXISTS (FROM bare_event v WHERE v.run = c.run AND v.kind = 'review' AND v.issued = c.id AND v.time < r.t1) AS unreviewed
    FROM credential c JOIN run r USING (run)
    WHERE c.kind = 'break_glass' AND coalesce(c.from_hi >= r.t0, true) AND coalesce(c.from_lo < r.t1, true)
), taken AS (
    SELECT run, count(*) FILTER (NOT doubtful) AS sure, count(*) AS accesses, count(*) FILTER (doubtful) AS unknowns,
           least_percent(unreviewed, doubtful) AS least, most_percent(unreviewed, doubtful) AS most
    FROM possible GROUP BY run
), begun AS (
    SELECT t.run, count(*) AS roots
    FROM task t JOIN run r USING (run)
    WHERE t.parent IS NULL AND t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
), valued AS (
    SELECT r.run, g.stat,
           r.sees_credentials AND r.sees_every_event AND CASE g.stat WHEN 'unreviewed_percent' THEN r.sees_reviews ELSE r.sees_tasks END AS seen,
           CASE g.stat WHEN 'unreviewed_percent' THEN k.least ELSE 1000.0 * coalesce(k.sure, 0) / b.roots END AS least,
           CASE g.stat WHEN 'unreviewed_percent' THEN k.most ELSE 1000.0 * coalesce(k.accesses, 0) / b.roots END AS most,
           coalesce(k.unknowns, 0) AS unknowns
    FROM run r
    CROSS JOIN (SELECT unnest(['taken_per_1000_tasks', 'unreviewed_percent']) AS stat) g
    LEFT JOIN taken k USING (run)
    LEFT JOIN begun b USING (run)
)
SELECT run, stat, CASE WHEN seen THEN least END AS lo, CASE WHEN seen THEN most END AS hi, CASE WHEN seen THEN unknowns ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
