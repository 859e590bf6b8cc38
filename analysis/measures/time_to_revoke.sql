-- title: Time to revoke
-- question: After a task has ended, how long is any credential that it used still accepted somewhere?
-- unit: lengths of its task | lengths_*; seconds | p50, p95
-- grain: run, stat
-- unfinished: of p50 and p95 a credential still accepted at the window's end is right-censored (Kaplan and Meier 1958): a quantile that the curve does not reach has no hi, and lo is the longest time observed; where a log leaves ends open, lo and hi are of the lowest and the highest curve that they allow. lengths_p50 and lengths_p95 are limits, because by lengths the window's end cuts off long tasks sooner than short ones, and not at random: lo as if what it cuts off had ended then, and no hi where the quantile falls on such a one
-- assumes: root tasks and sub-tasks that ended in the window; the last verifier counts; 0 where every credential ended first. lengths_p50, lengths_p95: the same over the time from the task's start to its end, which compares minutes with months; a task without duration has no such length
-- pool: observations | kaplan-meier
-- limits: lengths_p50, lengths_p95
-- source: effective time to revoke, trigger to last acceptable instant; tail over task length, free of scale
WITH spans AS (
    SELECT t.run, t.id AS task, b.bound, t.started, t.ended, r.t1, max(coalesce(h.ends, t.ended)) AS until
    FROM acts_with u
    JOIN run r ON r.run = u.run
    JOIN task t ON t.run = u.run AND t.id = u.task AND t.ended >= r.t0 AND t.ended < r.t1
    CROSS JOIN bounds b
    LEFT JOIN held h ON h.run = u.run AND h.credential = u.credential AND h.bound = b.bound
    GROUP BY ALL
), times AS (
    SELECT run, task, bound, until < t1 AS observed, greatest(0, epoch_us(until) - epoch_us(ended)) / 1e6 AS seconds,
           seconds * 1e6 / nullif(epoch_us(ended) - epoch_us(started), 0) AS lengths
    FROM spans
), scaled AS (
    SELECT run, task, bound, observed, unnest(['', 'lengths_']) AS scale, unnest([seconds, lengths]) AS value FROM times
), observations AS (
    SELECT run, scale || unnest(['p50', 'p95']) AS stat, lo, hi
    FROM (SELECT run, scale, min(value) AS lo, CASE WHEN bool_and(observed) THEN max(value) END AS hi
          FROM scaled WHERE value IS NOT NULL GROUP BY run, task, scale)
), steps AS (
    SELECT run, seconds, n, ended, ended_hi, left_early, left_early_hi,
           sum(ended + left_early) OVER above - ended AS alive, sum(ended_hi + left_early_hi) OVER above - ended_hi AS alive_hi
    FROM (SELECT run, seconds,
                 count(*) FILTER (bound <> 'hi' AND observed) AS ended, count(*) FILTER (bound <> 'hi' AND NOT observed) AS left_early,
                 count(*) FILTER (bound <> 'lo' AND observed) AS ended_hi, count(*) FILTER (bound <> 'lo' AND NOT observed) AS left_early_hi,
                 sum(count(*) FILTER (bound <> 'hi')) OVER (PARTITION BY run) AS n
          FROM times GROUP BY run, seconds)
    WINDOW above AS (PARTITION BY run ORDER BY seconds DESC ROWS UNBOUNDED PRECEDING)
), factors AS (
    -- What a time at which some leave early puts on those who stay: more where fewer are alive.
    SELECT *, CASE WHEN alive_hi > left_early THEN alive_hi / (alive_hi - left_early) END AS least_put,
           CASE WHEN left_early_hi = 0 THEN 1 WHEN alive > left_early_hi THEN alive / (alive - left_early_hi) ELSE 'infinity'::DOUBLE END AS most_put
    FROM steps
), curve AS (
    -- Between two such times the curve's own factors telescope: it is the share that is alive, times what was put on them before. So
    -- whoever lasts longer may make it fall sooner, and no curve of the least or of the most times bounds all. The lowest has as few
    -- alive, and as little put on them, as may be, just after each time; the highest as many and as much, and no more than if all
    -- who left early were alive for ever.
    SELECT run, seconds,
           CASE WHEN least_put IS NULL THEN alive ELSE (alive - left_early) * least_put END / n * coalesce(product(least_put) OVER before, 1) AS least,
           least(alive_hi / n * coalesce(product(most_put) OVER before, 1), (alive_hi + coalesce(sum(left_early_hi) OVER before, 0)) / n) AS most
    FROM factors
    WINDOW before AS (PARTITION BY run ORDER BY seconds ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), quantiles AS (
    SELECT c.run, q.stat, least(min(c.seconds) FILTER (c.least <= 1 - q.share + 1e-12), any_value(l.longest)) AS lo,
           -- Where a curve falls no further, its quantile may be anything beyond the longest time.
           min(c.seconds) FILTER (c.most <= 1 - q.share + 1e-12) AS hi
    FROM curve c
    JOIN (SELECT run, max(seconds) FILTER (bound <> 'hi') AS longest FROM times GROUP BY run) l USING (run)
    CROSS JOIN (VALUES ('p50', 0.5), ('p95', 0.95)) q(stat, share)
    GROUP BY c.run, q.stat
    UNION ALL
    -- Of a time over a length the end of the window is the sooner the longer the task was: what it cuts off is not like the rest.
    SELECT run, unnest(['lengths_p50', 'lengths_p95']), unnest(quantile_disc(lengths, [0.5, 0.95]) FILTER (bound <> 'hi')),
           unnest(quantile_disc(CASE WHEN observed THEN lengths ELSE 'infinity'::DOUBLE END, [0.5, 0.95]) FILTER (bound <> 'lo'))
    FROM times WHERE lengths IS NOT NULL GROUP BY run
), censored AS (
    SELECT run, count(*) FILTER (NOT observed) AS unknowns FROM times WHERE bound <> 'lo' GROUP BY run
)
SELECT r.run, g.stat, CASE WHEN r.sees_every_event AND v.credentials IS NULL THEN q.lo END AS lo,
       CASE WHEN r.sees_every_event AND v.credentials IS NULL AND isfinite(q.hi) THEN q.hi END AS hi,
       (coalesce(c.unknowns, 0) + coalesce(v.credentials, 0))::BIGINT AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['p50', 'p95', 'lengths_p50', 'lengths_p95']) AS stat) g
LEFT JOIN quantiles q ON q.run = r.run AND q.stat = g.stat
LEFT JOIN censored c ON c.run = r.run
LEFT JOIN (SELECT run, sum(credentials) AS credentials FROM unknown_validity GROUP BY run) v ON v.run = r.run
ORDER BY r.run, g.stat
