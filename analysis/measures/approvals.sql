-- title: Approvals
-- question: What do approvals cost the people who give them, and those who wait?
-- unit: minutes, requests or percent, as the row says
-- grain: run, stat
-- unfinished: requests made in the window and not answered by its end are not counted
-- assumes: minutes_per_100_tasks: inspection time over root tasks begun in the window; requests_per_100_tasks; wait_p95_minutes: from request to the beginning of inspection, or to giving up; refused_percent: of those answered; asking_percent: tasks begun in the window, sub-tasks too, that asked in it
-- source: friction of control: inspection time, queueing time and refusals of human approval
WITH asked AS (
    SELECT d.run, d.result, epoch_us(d.decided) - epoch_us(d.began) AS inspection_us,
           epoch_us(coalesce(d.began, d.decided)) - epoch_us(d.requested) AS wait_us
    FROM decision d JOIN run r USING (run)
    WHERE d.kind IN ('human', 'timeout') AND d.requested >= r.t0 AND d.decided < r.t1
), totals AS (
    SELECT run, count(*) AS requests, coalesce(sum(inspection_us), 0) / 60e6 AS minutes,
           quantile_disc(wait_us, 0.95) / 60e6 AS wait_p95, 100.0 * count(*) FILTER (result = 'deny') / count(*) AS refused
    FROM asked GROUP BY run
), begun AS (
    SELECT t.run, count(*) AS tasks
    FROM task t JOIN run r USING (run)
    WHERE t.parent IS NULL AND t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
), asking AS (
    SELECT e.run, count(DISTINCT e.task) AS tasks
    FROM event e JOIN run r USING (run) JOIN task t ON t.run = e.run AND t.id = e.task
    WHERE e.kind = 'request_approval' AND e.time < r.t1 AND t.started >= r.t0 AND t.started < r.t1 GROUP BY e.run
), started AS (
    SELECT t.run, count(*) AS tasks FROM task t JOIN run r USING (run) WHERE t.started >= r.t0 AND t.started < r.t1 GROUP BY t.run
)
SELECT r.run, g.stat,
       CASE WHEN NOT (r.sees_tasks AND r.sees_approvals AND r.sees_every_event) THEN NULL
            WHEN g.stat = 'minutes_per_100_tasks' THEN 100.0 * coalesce(t.minutes, 0) / b.tasks
            WHEN g.stat = 'requests_per_100_tasks' THEN 100.0 * coalesce(t.requests, 0) / b.tasks
            WHEN g.stat = 'wait_p95_minutes' THEN t.wait_p95
            WHEN g.stat = 'asking_percent' THEN 100.0 * coalesce(k.tasks, 0) / s.tasks
            ELSE t.refused END AS lo,
       lo AS hi, CASE WHEN r.sees_tasks AND r.sees_approvals AND r.sees_every_event THEN 0 ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['minutes_per_100_tasks', 'requests_per_100_tasks', 'wait_p95_minutes', 'refused_percent', 'asking_percent']) AS stat) g
LEFT JOIN totals t USING (run)
LEFT JOIN begun b USING (run)
LEFT JOIN asking k USING (run)
LEFT JOIN started s USING (run)
ORDER BY r.run, g.stat
