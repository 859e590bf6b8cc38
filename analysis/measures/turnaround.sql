-- title: Turnaround
-- question: How long does work take, from its arrival until it is done or given up?
-- unit: seconds
-- grain: run, stat
-- unfinished: root tasks that arrive later than horizon_hours, or a quarter of the window where that is less, before its end are left out; one that is open then took at least so long, and a quantile that falls on such a one has no hi
-- assumes: of root tasks offered, from arrival to end, waiting for a free agent included: who holds an agent while waiting for control makes others wait; broken ones until they are given up; the mean counts what is open with its time so far. The difference from a model without control is what control adds
-- parameter: horizon_hours = 4 in (0, 876600] | hours that a task is followed at least
-- pool: observations | limits
-- source: queueing theory: sojourn time; quantiles of right-censored times where the censored are the longest
WITH cohort AS (
    SELECT t.run, t.ended IS NULL AS open, epoch_us(coalesce(t.ended, r.t1)) - epoch_us(t.arrival) AS us
    FROM task t JOIN run r USING (run)
    WHERE t.parent IS NULL AND t.arrival >= r.t0
      AND t.arrival < r.t1 - to_microseconds(followed_us($horizon_hours, epoch_us(r.t1) - epoch_us(r.t0)))
), observations AS (
    SELECT run, us / 1e6 AS lo, CASE WHEN NOT open THEN us / 1e6 END AS hi FROM cohort
), ordered AS (
    -- What is open may turn out to be longer than anything that is done.
    SELECT run, quantile_disc(us, [0.5, 0.95, 0.99]) AS least, avg(us) AS mean, count(*) FILTER (open) AS unknowns,
           quantile_disc(CASE WHEN open THEN 'infinity'::DOUBLE ELSE us END, [0.5, 0.95, 0.99]) AS most
    FROM cohort GROUP BY run
), stats AS (
    SELECT run, unknowns, unnest(['p50', 'p95', 'p99']) AS stat, unnest(least) / 1e6 AS lo, unnest(most) / 1e6 AS hi FROM ordered
    UNION ALL
    SELECT run, unknowns, 'mean', mean / 1e6, CASE WHEN unknowns = 0 THEN mean / 1e6 ELSE 'infinity'::DOUBLE END FROM ordered
)
SELECT r.run, g.stat, CASE WHEN r.sees_tasks AND r.sees_queue AND r.sees_every_event THEN s.lo END AS lo,
       CASE WHEN r.sees_tasks AND r.sees_queue AND r.sees_every_event AND isfinite(s.hi) THEN s.hi END AS hi,
       coalesce(s.unknowns, 0) + CASE WHEN r.sees_tasks AND r.sees_queue AND r.sees_every_event THEN 0 ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['mean', 'p50', 'p95', 'p99']) AS stat) g
LEFT JOIN stats s ON s.run = r.run AND s.stat = g.stat
ORDER BY r.run, g.stat
