-- title: Time to revoke
-- question: After a task has ended, how long is any credential that it used still accepted somewhere?
-- unit: lengths of its task | lengths_*; seconds | p50, p95
-- grain: run, stat
-- unfinished: a credential still accepted at the window's end is right-censored (Kaplan and Meier 1958); a quantile that the curve does not reach has no hi, and lo is the longest time observed
-- assumes: root tasks and sub-tasks that ended in the window; the last verifier counts; 0 where every credential ended first. lengths_p50, lengths_p95: the same over the time from the task's start to its end, which compares minutes with months; a task without duration has no such length
-- pool: observations | kaplan-meier
-- source: effective time to revoke, trigger to last acceptable instant; tail over task length, free of scale
WITH used AS (
    SELECT DISTINCT run, task, credential FROM bare_event
    WHERE kind = 'use' AND decision = 'allow' AND task IS NOT NULL AND credential IS NOT NULL
    UNION
    SELECT run, task, id FROM credential WHERE task IS NOT NULL
), spans AS (
    SELECT t.run, t.id AS task, b.bound, t.started, t.ended, r.t1, max(coalesce(h.ends, t.ended)) AS until
    FROM used u
    JOIN run r ON r.run = u.run
    JOIN task t ON t.run = u.run AND t.id = u.task AND t.ended >= r.t0 AND t.ended < r.t1
    CROSS JOIN bounds b
    LEFT JOIN held h ON h.run = u.run AND h.credential = u.credential AND h.bound = b.bound
    GROUP BY ALL
), times AS (
    SELECT run, bound, until < t1 AS observed, greatest(0, epoch_us(until) - epoch_us(ended)) / 1e6 AS seconds,
           seconds * 1e6 / nullif(epoch_us(ended) - epoch_us(started), 0) AS lengths
    FROM spans
), scaled AS (
    SELECT run, bound, observed, unnest(['', 'lengths_']) AS scale, unnest([seconds, lengths]) AS value FROM times
), observations AS (
    SELECT run, scale || unnest(['p50', 'p95']) AS stat, value AS lo, CASE WHEN observed THEN value END AS hi
    FROM scaled WHERE bound = 'exact' AND value IS NOT NULL
), steps AS (
    SELECT run, bound, scale, value, count(*) FILTER (observed) AS ended,
           sum(count(*)) OVER (PARTITION BY run, bound, scale ORDER BY value DESC ROWS UNBOUNDED PRECEDING) AS at_risk
    FROM scaled WHERE value IS NOT NULL GROUP BY run, bound, scale, value
), curve AS (
    SELECT run, bound, scale, value,
           product(1 - ended / at_risk) OVER (PARTITION BY run, bound, scale ORDER BY value ROWS UNBOUNDED PRECEDING) AS survival
    FROM steps
), quantiles AS (
    SELECT c.run, c.bound, c.scale || q.stat AS stat, min(c.value) FILTER (c.survival <= 1 - q.share + 1e-12) AS reached,
           max(c.value) AS longest
    FROM curve c CROSS JOIN (VALUES ('p50', 0.5), ('p95', 0.95)) q(stat, share)
    GROUP BY ALL
), censored AS (
    SELECT run, count(*) FILTER (NOT observed) AS unknowns FROM times WHERE bound <> 'lo' GROUP BY run
)
SELECT r.run, g.stat, CASE WHEN r.sees_every_event AND max(v.credentials) IS NULL THEN proven(coalesce(q.reached, q.longest), q.bound) END AS lo,
       CASE WHEN r.sees_every_event AND max(v.credentials) IS NULL THEN at_most(q.reached, q.bound) END AS hi,
       (coalesce(max(c.unknowns), 0) + coalesce(max(v.credentials), 0))::BIGINT AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['p50', 'p95', 'lengths_p50', 'lengths_p95']) AS stat) g
LEFT JOIN quantiles q ON q.run = r.run AND q.stat = g.stat
LEFT JOIN censored c ON c.run = r.run
LEFT JOIN (SELECT run, sum(credentials) AS credentials FROM unknown_validity GROUP BY run) v ON v.run = r.run
GROUP BY r.run, r.sees_every_event, g.stat ORDER BY r.run, g.stat
