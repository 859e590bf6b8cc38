-- title: Radius of one yes
-- question: How much of the estate is touched on the strength of one human's yes, and how much on that of the worst of them?
-- unit: percent of the estate's declared value
-- grain: run, stat
-- unfinished: uses in the window count, whenever they were approved; an approval whose task goes on may be used again
-- assumes: value_mean: what the uses that rest on one approval touch, each group once at its highest level, the mean over approvals that were used at all; value_cvar95: the mean over the worst twentieth of them, not told where fewer than twenty lie in it: what is rare is not known from few; of replications together, where those have as many (what hangs together within one counts as fewer, and as it is where there is one run only, because no other shows how much runs differ). Realised, not potential: what an approval covers and nobody used is not in it, and neither is what an attacker does, which rests on no yes
-- parameter: fewest_in_tail = 20 in [0, 1000000] | used approvals that must lie in the worst twentieth
-- pool: radii | tail-mean
-- source: expected shortfall (Acerbi and Tasche, Journal of Banking and Finance 26, 2002) of what one approval lets through, which its cover and its budget bound
WITH touched AS (
    SELECT e.run, e.approval, k.resource_group, max(k.resources::HUGEINT * k.weight) AS value
    FROM event e
    JOIN run r USING (run)
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.approval IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY ALL
), radii AS (
    SELECT t.run, percent_of(coalesce(sum(t.value), 0), any_value(e.value)) AS lo, lo AS hi
    FROM touched t JOIN estate e USING (run) GROUP BY t.run, t.approval
), ranked AS (
    SELECT *, count(*) OVER of / 20 AS tail, row_number() OVER (of ORDER BY lo DESC) - 1 AS worse FROM radii WINDOW of AS (PARTITION BY run)
), summed AS (
    -- As much of the last as is wanting; in the order of values, so that the last digit is the same each time.
    SELECT run, list_sum(list(lo ORDER BY lo)) / count(*) AS value_mean,
           CASE WHEN any_value(tail) >= $fewest_in_tail
                THEN list_sum(list(lo * greatest(0, least(1, tail - worse)) / tail ORDER BY lo)) END AS value_cvar95
    FROM ranked GROUP BY run
), valued AS (
    SELECT r.run, g.stat, r.sees_approvals AND r.sees_cover AND r.sees_every_event AND r.sees_touch AS seen,
           CASE g.stat WHEN 'value_mean' THEN s.value_mean ELSE s.value_cvar95 END AS value
    FROM run r CROSS JOIN (SELECT unnest(['value_mean', 'value_cvar95']) AS stat) g LEFT JOIN summed s USING (run)
)
SELECT run, stat, CASE WHEN seen THEN value END AS lo, lo AS hi, CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
