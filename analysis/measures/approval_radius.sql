-- title: Radius of one yes
-- question: How much of the estate is touched on the strength of one human's yes, and how much on that of the worst of them?
-- unit: percent of the estate's declared value
-- grain: run, stat
-- unfinished: uses in the window count, whenever they were approved; an approval whose task goes on may be used again
-- assumes: value_mean: what the uses that rest on one approval touch, each group once at its highest level, the mean over approvals that were used at all; value_cvar95: the mean over the worst twentieth of them, not told where fewer than twenty lie in it: what is rare is not known from few; of replications together, where those have as many (what hangs together within one counts as fewer, and as it is where there is one run only, because no other shows how much runs differ). Realised, not potential: what an approval covers and nobody used is not in it, and neither is what an attacker does, which rests on no yes. On a log a call of unknown outcome may count or not, with any group where it does not say what it touched, and an approval that only such calls rest on may not have been used: nothing is then told of the worst twentieth
-- parameter: fewest_in_tail = 20 in [0, 1000000] | used approvals that must lie in the worst twentieth
-- pool: radii | tail-mean
-- source: expected shortfall (Acerbi and Tasche, Journal of Banking and Finance 26, 2002) of what one approval lets through, which its cover and its budget bound
WITH touched AS (
    -- Of calls that were let in, of these and those of which nobody knows, and of any one of these.
    SELECT e.run, e.approval, k.resource_group, max(k.resources::HUGEINT * k.weight) FILTER (e.decision = 'allow') AS surely,
           max(k.resources::HUGEINT * k.weight) AS perhaps, min(coalesce(k.resources::HUGEINT * k.weight, 0)) AS least,
           count(*) FILTER (e.decision = 'allow') AS sure, count(*) FILTER (e.decision IS NULL) AS doubtful
    FROM bare_event e
    JOIN run r USING (run)
    LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.approval IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY ALL
), further AS (
    -- What calls that do not say what they touched, and may not have been let in, add at most: of as many groups, those that weigh most.
    SELECT run, approval, sum(further) AS further
    FROM (SELECT t.run, t.approval, g.value - coalesce(o.perhaps, 0) AS further
          FROM touched t
          JOIN (FROM run WHERE kind = 'ingested') r USING (run)
          JOIN (SELECT run, resource_group, max(resources::HUGEINT * weight) AS value FROM catalogue GROUP BY run, resource_group) g USING (run)
          LEFT JOIN touched o ON o.run = t.run AND o.approval = t.approval AND o.resource_group = g.resource_group
          WHERE t.resource_group IS NULL
          QUALIFY row_number() OVER (PARTITION BY t.run, t.approval ORDER BY g.value - coalesce(o.perhaps, 0) DESC) <= t.doubtful)
    GROUP BY run, approval
), bounded AS (
    -- One on which no call rests for certain was used for one of them at least, if it was at all.
    SELECT t.run, sum(t.sure) > 0 AS used, sum(t.doubtful) AS doubtful,
           percent_of(CASE WHEN sum(t.sure) > 0 THEN coalesce(sum(t.surely), 0) ELSE min(t.least) END, any_value(e.value)) AS lo,
           percent_of(coalesce(sum(t.perhaps), 0) + coalesce(any_value(f.further), 0), any_value(e.value)) AS hi
    FROM touched t JOIN estate e USING (run) LEFT JOIN further f USING (run, approval) GROUP BY t.run, t.approval
), radii AS (
    SELECT run, lo, hi FROM bounded
), ends AS (
    SELECT run, used, doubtful, unnest(['lo', 'hi']) AS bound, unnest([lo, hi]) AS value, unnest([lo, -hi]) AS place FROM bounded
), ranked AS (
    -- Those that may not have been used make the mean least if they were where they reach no further than this one, and most where no less far.
    SELECT *, count(*) OVER of / 20 AS tail, row_number() OVER (of ORDER BY value DESC) - 1 AS worse,
           sum(if(used, value, 0)) OVER of + sum(if(used, 0, value)) OVER upto AS together,
           sum(if(used, 1, 0)) OVER of + sum(if(used, 0, 1)) OVER upto AS many
    FROM ends WINDOW of AS (PARTITION BY run, bound), upto AS (PARTITION BY run, bound ORDER BY place)
), summed AS (
    SELECT run, bound, sum(doubtful)::BIGINT AS doubtful,
           CASE bound WHEN 'lo' THEN min(together / many) ELSE max(together / many) END AS value_mean,
           CASE WHEN bool_and(used) AND any_value(tail) >= $fewest_in_tail
                THEN mean_of_worst(value, 1, worse, tail) END AS value_cvar95
    FROM ranked GROUP BY run, bound
), valued AS (
    SELECT r.run, g.stat, r.sees_approvals AND r.sees_cover AND r.sees_every_event AND r.sees_touch AS seen, s.bound, s.doubtful,
           CASE g.stat WHEN 'value_mean' THEN s.value_mean ELSE s.value_cvar95 END AS value
    FROM run r CROSS JOIN (SELECT unnest(['value_mean', 'value_cvar95']) AS stat) g LEFT JOIN summed s USING (run)
)
SELECT run, stat, CASE WHEN seen THEN proven(value, bound) END AS lo, CASE WHEN seen THEN at_most(value, bound) END AS hi,
       CASE WHEN seen THEN coalesce(max(doubtful), 0) ELSE 1 END AS unknowns
FROM valued GROUP BY run, stat, seen ORDER BY run, stat
