-- title: Approvals
-- question: What do approvals cost the people who give them, and those who wait?
-- unit: percent of requests answered | refused_percent; percent of tasks | asking_percent; minutes of people per day | minutes_per_day; minutes of people per 100 tasks | minutes_per_100_tasks; requests per 100 tasks | requests_per_100_tasks; minutes | wait_p95_minutes
-- grain: run, stat
-- unfinished: what is asked in the window counts; a request that nobody has begun to look at by its end has waited so long at least, and a quantile that falls on such a one has no hi; inspection is counted inside the window
-- assumes: minutes_per_day: inspection in the window; minutes_per_100_tasks: the same over root tasks begun in it; requests_per_100_tasks: how many those tasks made; wait_p95_minutes: from request to the beginning of inspection, or to giving up; refused_percent: of those answered in the window; asking_percent: tasks begun in the window, sub-tasks too, that asked in it
-- pool: observations | limits
-- counts: tallied
-- source: friction of control: inspection time, queueing time and refusals of human approval
WITH replies AS (
    SELECT d.run, d.result, exposed_us(d.began, d.decided, r.t0, r.t1) AS inspection_us, d.requested, d.began, d.decided, r.t0, r.t1,
           row_number() OVER (PARTITION BY d.run, d.requested ORDER BY d.decided) AS nth
    FROM approval d JOIN run r USING (run)
    WHERE d.kind IN ('human', 'timeout')
), asked AS (
    SELECT e.run, e.task, e.time, r.t1, row_number() OVER (PARTITION BY e.run, e.time ORDER BY e.id) AS nth
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'request_approval' AND e.time >= r.t0 AND e.time < r.t1
), waits AS (
    -- Two requests of one instant are told apart by who was answered first.
    SELECT k.run, coalesce(a.began, a.decided) IS NULL AS open,
           epoch_us(coalesce(a.began, a.decided, k.t1)) - epoch_us(k.time) AS us
    FROM asked k LEFT JOIN replies a ON a.run = k.run AND a.requested = k.time AND a.nth = k.nth
), observations AS (
    SELECT run, us / 60e6 AS lo, CASE WHEN NOT open THEN us / 60e6 END AS hi FROM waits
), requests AS (
    SELECT run, count(*) AS requests, quantile_disc(us, 0.95) / 60e6 AS wait_lo,
           quantile_disc(CASE WHEN open THEN 'infinity'::DOUBLE ELSE us END, 0.95) / 60e6 AS wait_hi
    FROM waits GROUP BY run
), inspections AS (
    SELECT run, coalesce(sum(inspection_us), 0) / 60e6 AS minutes,
           100.0 * count(*) FILTER (result = 'deny' AND decided >= t0 AND decided < t1)
           / nullif(count(*) FILTER (decided >= t0 AND decided < t1), 0) AS refused
    FROM replies GROUP BY run
), begun AS (
    SELECT t.run, count(*) AS tasks, count(*) FILTER (t.parent IS NULL) AS roots,
           count(*) FILTER (EXISTS (FROM asked k WHERE k.run = t.run AND k.task = t.id)) AS asking
    FROM task t JOIN run r USING (run)
    WHERE t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
), tallied AS (
    SELECT run, 'asking_percent' AS stat, asking AS hits, tasks AS trials FROM begun
), valued AS (
    SELECT r.run, g.stat, r.sees_tasks AND r.sees_approvals AND r.sees_every_event AS seen,
           CASE g.stat WHEN 'minutes_per_day' THEN coalesce(i.minutes, 0) / (epoch(r.t1 - r.t0) / 86400)
                       WHEN 'minutes_per_100_tasks' THEN 100.0 * coalesce(i.minutes, 0) / b.roots
                       WHEN 'requests_per_100_tasks' THEN 100.0 * coalesce(q.requests, 0) / b.roots
                       WHEN 'wait_p95_minutes' THEN q.wait_lo
                       WHEN 'refused_percent' THEN i.refused
                       ELSE 100.0 * b.asking / b.tasks END AS lo,
           CASE g.stat WHEN 'wait_p95_minutes' THEN q.wait_hi ELSE lo END AS hi
    FROM run r
    CROSS JOIN (SELECT unnest(['minutes_per_day', 'minutes_per_100_tasks', 'requests_per_100_tasks', 'wait_p95_minutes',
                               'refused_percent', 'asking_percent']) AS stat) g
    LEFT JOIN requests q USING (run)
    LEFT JOIN inspections i USING (run)
    LEFT JOIN begun b USING (run)
)
SELECT run, stat, CASE WHEN seen AND isfinite(lo) THEN lo END AS lo, CASE WHEN seen AND isfinite(hi) THEN hi END AS hi,
       CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
