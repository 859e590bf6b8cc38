-- title: Stale tail
-- question: For how long does a credential stay accepted after the last need of what it carries?
-- unit: seconds
-- grain: run, stat
-- unfinished: tails still running at the window's end are cut there; lo and hi part where that could change a quantile
-- assumes: one tail a credential and atom that was accepted in the window and needed during its life, before the window too, from where the tail then counts; what had ended by the window's start does not count; never-used atoms apart (stale_access); need at the grain of the task, which ends with its last action, so that at that of the action a tail is the same but where a credential ends amid a task; on a log only where need is known and it is certain which tails there are, because the tails of some are no bound on those of all
-- pool: observations | limits
-- source: median and ninety-fifth percentile of tail = end - last need
WITH tails AS (
    SELECT o.run, b.bound, o.cut, o.tail_us / 1e6 AS seconds FROM held_after_need o JOIN counts_for b ON b.known = o.bound
), observations AS (
    SELECT run, seconds AS lo, CASE WHEN NOT cut THEN seconds END AS hi FROM tails WHERE bound <> 'hi'
), stats AS (
    SELECT run, bound, quantile_disc(seconds, 0.5) AS p50, quantile_disc(seconds, 0.95) AS p95,
           quantile_disc(CASE WHEN cut THEN 'infinity'::DOUBLE ELSE seconds END, 0.5) AS p50_open,
           quantile_disc(CASE WHEN cut THEN 'infinity'::DOUBLE ELSE seconds END, 0.95) AS p95_open,
           count(*) FILTER (cut) AS unknowns, list(row(seconds, cut) ORDER BY seconds, cut) AS each
    FROM tails GROUP BY run, bound
), quantiles AS (
    SELECT r.run, g.stat, (coalesce(max(s.unknowns), 0) + coalesce(max(v.credentials), 0) + coalesce(max(q.needs), 0))::BIGINT AS unknowns,
           -- Where it is not certain which tails there are, a quantile of the least of them is no bound on that of the most.
           coalesce(max(v.credentials), 0) > 0 OR count(DISTINCT s.each) > 1
           OR count(s.run) NOT IN (0, (SELECT count(*) FROM bounds)) AS unclear,
           proven(CASE g.stat WHEN 'p50' THEN s.p50 ELSE s.p95 END, s.bound) AS lo,
           at_most(CASE g.stat WHEN 'p50' THEN s.p50_open ELSE s.p95_open END, s.bound) AS hi
    FROM run r CROSS JOIN (SELECT unnest(['p50', 'p95']) AS stat) g
    LEFT JOIN stats s ON s.run = r.run
    LEFT JOIN (SELECT run, sum(credentials) AS credentials FROM unknown_validity GROUP BY run) v ON v.run = r.run
    LEFT JOIN doubtful_need q ON q.run = r.run
    GROUP BY r.run, g.stat
)
SELECT run, stat, CASE WHEN sees_need AND NOT unclear THEN lo END AS lo,
       CASE WHEN sees_need AND NOT unclear AND isfinite(hi) THEN hi END AS hi,
       greatest(unknowns, CASE WHEN sees_need AND NOT unclear THEN 0 ELSE 1 END) AS unknowns
FROM quantiles JOIN run USING (run) ORDER BY run, stat
