-- title: Added latency
-- question: How long does control make work wait?
-- unit: seconds
-- grain: run, per, stat
-- unfinished: only actions that started are counted; a task counts with the waits of its actions so far
-- assumes: the wait of an action from when the agent was ready to when it started, decisions, approvals, issues and retries included; of a task: those of its actions and of its own start; waiting for a free agent is not control. On a log waits are seen only where it tells when each call was ready and when it began, and loses nothing, and with a call of which nobody knows whether it was let through no quantile has a value; a call of which it does not tell when it was ready is left out, and counts as unknown
-- pool: observations | limits
-- source: friction of control: added waiting, by action and by task, median and ninety-fifth percentile
WITH action_wait AS (
    SELECT n.run, n.task, epoch_us(n.starts) - epoch_us(n.requested) AS us
    FROM need n JOIN run r USING (run)
    WHERE n.met AND n.starts >= r.t0 AND n.starts < r.t1
), doubtful AS (
    SELECT n.run, count(DISTINCT row(n.task, n.action, n.starts)) AS calls
    FROM need n JOIN run r USING (run)
    WHERE n.met IS NULL AND n.starts >= r.t0 AND n.starts < r.t1 GROUP BY n.run
), start_wait AS (
    -- From the first decision asked for to the credential in hand, pauses between attempts included.
    SELECT e.run, e.task,
           (max(epoch_us(e.time) + CASE e.kind WHEN 'decide' THEN coalesce(e.duration, 0) ELSE 0 END)
            - min(epoch_us(e.time) - CASE e.kind WHEN 'issue' THEN coalesce(e.duration, 0) ELSE 0 END)) AS us
    FROM bare_event e JOIN run r USING (run)
    WHERE e.task IS NOT NULL AND e.action IS NULL AND e.credential IS NULL AND e.kind IN ('decide', 'issue')
      AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY e.run, e.task
), waits AS (
    SELECT run, 'action' AS per, us FROM action_wait
    UNION ALL
    SELECT run, 'task', sum(us)::BIGINT FROM (FROM action_wait UNION ALL FROM start_wait) GROUP BY run, task
), observations AS (
    SELECT run, per, us / 1e6 AS lo, us / 1e6 AS hi FROM waits WHERE us IS NOT NULL
), untimed AS (
    SELECT run, count(*) AS calls FROM action_wait WHERE us IS NULL GROUP BY run
), stats AS (
    -- Both quantiles at once, of which each would keep every wait.
    SELECT run, per, unnest(['p50', 'p95']) AS stat, unnest(quantile_disc(us, [0.5, 0.95])) / 1e6 AS seconds FROM waits GROUP BY run, per
)
SELECT r.run, g.per, q.stat, CASE WHEN r.sees_need AND d.run IS NULL THEN s.seconds END AS lo,
       lo AS hi, CASE WHEN r.sees_need THEN coalesce(d.calls, 0) + coalesce(u.calls, 0) ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['action', 'task']) AS per) g
CROSS JOIN (SELECT unnest(['p50', 'p95']) AS stat) q
LEFT JOIN doubtful d ON d.run = r.run
LEFT JOIN untimed u ON u.run = r.run
LEFT JOIN stats s ON s.run = r.run AND s.per = g.per AND s.stat = q.stat
ORDER BY r.run, g.per, q.stat
