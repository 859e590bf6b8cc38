-- title: Lifetime choice
-- question: How long must a credential for this class of resources live, and what does each longer life cost?
-- unit: seconds | longest, p99, sufficient; percent of tasks | breaks_percent; credential-hours per agent-day | idle
-- grain: run, class, life, stat
-- unfinished: tasks whose first need of the class lies in the window count; one that is not over by its end needs the class at least for its time so far: what is certain to break is lo, what may break is hi, and a length that falls on such a one has no hi
-- assumes: class: the tier of the resource group; every task for itself, sub-tasks too, from its first action of the class to the last, refused ones too, without the waiting for control in between: that depends on the model, comes on top, and is added_latency; of tasks given up, also what they would have begun before the window's end; need: p99, longest: seconds of that; sufficient: the shortest lifetime that breaks at most most_percent of tasks, which at 1 percent is p99 of a run; a life: breaks_percent: of these tasks, those that outlast a credential of that life which is issued at their first need and not renewed; idle: hours per agent-day in which such credentials, revoked by nobody, open the class outside that need: a sum over tasks, so that it may pass 24, each followed to the end of its credential, even past the window's; on a log only where need is known, and nothing of a class in which some call has no known length, because whether that was needed nobody knows
-- parameter: most_percent = 1 in [0, 100] | percent of tasks that may outlast their credential
-- pool: observations | limits
-- counts: tallied
-- source: least lifetime as a quantile of the length of need, and what is left of a lifetime after it: excess over need
WITH lives AS (
    SELECT unnest(['1_min', '15_min', '1_hour', '12_hours']) AS life, unnest([60, 900, 3600, 43200]::BIGINT[]) AS seconds
), waits AS (
    -- Of overlapping waits of a task each the part that no earlier one reaches.
    SELECT run, task, starts AS ends,
           greatest(requested, max(starts) OVER (PARTITION BY run, task ORDER BY requested, starts
                                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS starts
    FROM need WHERE requested < starts
), spans AS (
    SELECT n.run, n.task, 'tier_' || k.tier AS class, min(n.starts) AS starts, max(n.ends) AS ends, bool_or(n.ends IS NULL) AS unclear
    FROM need n JOIN catalogue k ON k.run = n.run AND k.atom = n.atom
    GROUP BY ALL
), lengths AS (
    SELECT s.run, s.task, s.class, s.unclear, NOT coalesce(t.ended < r.t1, false) AS open,
           (epoch_us(s.ends) - epoch_us(s.starts) - coalesce(sum(exposed_us(w.starts, w.ends, s.starts, s.ends)), 0))::BIGINT AS us
    FROM spans s
    JOIN run r ON r.run = s.run
    LEFT JOIN task t ON t.run = s.run AND t.id = s.task
    LEFT JOIN waits w ON w.run = s.run AND w.task = s.task AND w.starts < w.ends
    WHERE s.starts >= r.t0 AND s.starts < r.t1
    GROUP BY s.run, s.task, s.class, s.unclear, s.starts, s.ends, t.ended, r.t1
), observations AS (
    SELECT run, class, us / 1e6 AS lo, CASE WHEN NOT open THEN us / 1e6 END AS hi FROM lengths
), ranked AS (
    -- What is open may turn out to be longer than anything that is over.
    SELECT run, class, lo, coalesce(hi, 'infinity'::DOUBLE) AS most, count(*) OVER (PARTITION BY run, class) AS tasks,
           rank() OVER (PARTITION BY run, class ORDER BY lo DESC) - 1 AS longer,
           rank() OVER (PARTITION BY run, class ORDER BY hi DESC NULLS FIRST) - 1 AS may_be_longer
    FROM observations
), chosen AS (
    SELECT run, class, 'need' AS life, unnest(['p99', 'longest', 'sufficient']) AS stat,
           unnest([quantile_disc(lo, 0.99), max(lo), min(lo) FILTER (100 * longer <= $most_percent * tasks)]) AS lo,
           unnest([quantile_disc(most, 0.99), max(most), min(most) FILTER (100 * may_be_longer <= $most_percent * tasks)]) AS hi
    FROM ranked GROUP BY run, class
), tried AS (
    SELECT run, class, life, count(*) AS tasks, count(*) FILTER (us > seconds * 1_000_000) AS breaking,
           count(*) FILTER (open OR us > seconds * 1_000_000) AS may_break,
           coalesce(sum(greatest(seconds * 1_000_000 - us, 0)) FILTER (NOT open), 0) / 3.6e9 AS idle,
           sum(greatest(seconds * 1_000_000 - us, 0)) / 3.6e9 AS may_idle
    FROM lengths CROSS JOIN lives GROUP BY run, class, life
), tallied AS (
    SELECT run, class, life, 'breaks_percent' AS stat, breaking AS hits, tasks AS trials FROM tried
), days AS (
    SELECT run, proven(days, bound) AS most, at_most(days, bound) AS least FROM agent_days GROUP BY run
), stats AS (
    FROM chosen
    UNION ALL
    SELECT run, class, life, 'breaks_percent', 100.0 * breaking / tasks, 100.0 * may_break / tasks FROM tried
    UNION ALL
    SELECT r.run, c.class, l.life, 'idle', coalesce(t.idle, 0) / d.most, coalesce(t.may_idle, 0) / d.least
    FROM run r CROSS JOIN (SELECT unnest(['tier_1', 'tier_2', 'tier_3']) AS class) c CROSS JOIN lives l
    JOIN days d ON d.run = r.run
    LEFT JOIN tried t ON t.run = r.run AND t.class = c.class AND t.life = l.life
), listed AS (
    SELECT 'need' AS life, 0 AS seconds, unnest(['p99', 'longest', 'sufficient']) AS stat
    UNION ALL
    SELECT life, seconds, unnest(['breaks_percent', 'idle']) FROM lives
), open_ended AS (
    SELECT run, class, count(*) FILTER (open OR unclear) AS unknowns, bool_or(unclear) AS unclear FROM lengths GROUP BY run, class
)
SELECT r.run, c.class, g.life, g.stat, CASE WHEN r.sees_need AND NOT coalesce(u.unclear, false) THEN s.lo END AS lo,
       CASE WHEN r.sees_need AND NOT coalesce(u.unclear, false) AND isfinite(s.hi) THEN s.hi END AS hi,
       CASE WHEN r.sees_need THEN coalesce(u.unknowns, 0) ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['tier_1', 'tier_2', 'tier_3']) AS class) c
CROSS JOIN listed g
LEFT JOIN stats s ON s.run = r.run AND s.class = c.class AND s.life = g.life AND s.stat = g.stat
LEFT JOIN open_ended u ON u.run = r.run AND u.class = c.class
ORDER BY r.run, c.class, g.seconds, g.stat
