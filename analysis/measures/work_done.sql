-- title: Work done
-- question: What became of the work that was offered?
-- unit: percent of root tasks offered
-- grain: run, outcome
-- unfinished: root tasks that arrive later than horizon_hours, or a quarter of the window where that is less, before its end are left out; what is open then is unfinished
-- assumes: a root task with all its sub-tasks, waited for or not. completed: all of it; broken: a legitimate action was refused and the agent gave up, or a sub-agent was stopped; unfinished: begun or waiting at the window's end; a log without the work queue does not show what was never begun, so it has no answer
-- parameter: horizon_hours = 4 in (0, 876600] | hours that a task is followed
-- counts: tallied
-- source: cohort that arrives in [t0, t1 - h), followed to resolution or counted
WITH RECURSIVE tree AS (
    SELECT run, task AS root, task, outcome FROM offered
    WHERE left_us > followed_us($horizon_hours, window_us)
    UNION ALL
    SELECT t.run, e.root, t.id, t.outcome
    FROM task t JOIN tree e ON e.run = t.run AND e.task = t.parent
    WHERE t.started IS NOT NULL
), cohort AS (
    SELECT run, root, CASE WHEN bool_or(outcome = 'open') THEN 'open' WHEN bool_or(outcome = 'broken') THEN 'broken' ELSE 'completed' END AS outcome
    FROM tree GROUP BY run, root
), counts AS (
    SELECT run, count(*) AS offered, count(*) FILTER (outcome = 'completed') AS completed,
           count(*) FILTER (outcome = 'broken') AS broken, count(*) FILTER (outcome = 'open') AS unfinished
    FROM cohort GROUP BY run
), tallied AS (
    SELECT run, unnest(['completed', 'broken', 'unfinished']) AS outcome, unnest([completed, broken, unfinished]) AS hits,
           offered AS trials
    FROM counts
)
SELECT r.run, g.outcome,
       CASE WHEN r.sees_tasks AND r.sees_queue AND r.sees_every_event
            THEN 100.0 * CASE g.outcome WHEN 'completed' THEN c.completed WHEN 'broken' THEN c.broken ELSE c.unfinished END / c.offered
       END AS lo,
       lo AS hi, CASE WHEN r.sees_tasks AND r.sees_queue AND r.sees_every_event THEN 0 ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['completed', 'broken', 'unfinished']) AS outcome) g
LEFT JOIN counts c USING (run)
ORDER BY r.run, g.outcome
