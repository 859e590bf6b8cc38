-- title: Effective authority
-- question: What could an identity do that its work does not need, by whatever it holds, and does the answer hang on weights or on how finely things are told apart?
-- unit: weighted permission-hours per agent-day | * declared; permission-hours per agent-day | * equal
-- grain: run, level, catalogue, weights
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: identity level: what several credentials of an identity let it do counts once, outside the need of its tasks; privilege_hours counts by credential. held, obtainable: as in crown_jewel_hours. fine: the catalogue's atoms, each a level on a resource group; coarse: of each tier whether it is read or changed, which stays what it is however resources are split, merged or named, with the greatest weight of what is in it; needed while any of it is. declared: by the catalogue's weights; equal: each alike. A ranking that turns from one of these to another hangs on it
-- source: length of the union of reach outside the union of need, by an exact sweep over their edges
WITH keyed AS (
    SELECT run, atom, 'fine' AS catalogue, atom AS key, weight FROM catalogue
    UNION ALL
    SELECT run, atom, 'coarse', 2 * tier + (level IN ('write', 'tagging', 'permissions'))::INTEGER AS key,
           max(weight) OVER (PARTITION BY run, tier, level IN ('write', 'tagging', 'permissions'))
    FROM catalogue
), reach AS (
    SELECT unnest(['held', 'obtainable']) AS level, run, holder AS principal, atom, bound, starts, ends
    FROM held WHERE (scope_known OR bound <> 'hi') AND starts IS NOT NULL AND ends IS NOT NULL
    UNION ALL
    SELECT 'obtainable', run, principal, atom, bound, starts, ends FROM mintable
), spans AS (
    SELECT level, run, principal, atom, bound, starts, ends, 1 AS reaches, 0 AS needs FROM reach WHERE starts < ends
    UNION ALL
    SELECT unnest(['held', 'obtainable']), run, principal, atom, bound, starts, ends, 0, 1
    FROM task_stretch WHERE starts < ends
), edges AS (
    SELECT s.level, s.run, s.principal, s.bound, k.catalogue, k.key, k.weight, unnest([s.starts, s.ends]) AS time,
           unnest([s.reaches, -s.reaches]) AS reaches, unnest([s.needs, -s.needs]) AS needs
    FROM spans s JOIN keyed k USING (run, atom)
), instants AS (
    SELECT level, run, principal, bound, catalogue, key, weight, time, sum(reaches) AS reaches, sum(needs) AS needs FROM edges GROUP BY ALL
), swept AS (
    SELECT level, run, bound, catalogue, weight, sum(reaches) OVER so_far AS reaches, sum(needs) OVER so_far AS needs,
           epoch_us(lead(time) OVER along) - epoch_us(time) AS us
    FROM instants
    WINDOW along AS (PARTITION BY level, run, principal, bound, catalogue, key ORDER BY time),
           so_far AS (PARTITION BY level, run, principal, bound, catalogue, key ORDER BY time ROWS UNBOUNDED PRECEDING)
), totals AS (
    SELECT run, level, bound, catalogue, sum(weight * us::HUGEINT) / 1e6 AS declared, sum(us) AS equal
    FROM swept WHERE reaches > 0 AND needs = 0 GROUP BY ALL
), hours AS (
    SELECT r.run, g.level, g.catalogue, g.weights, b.bound, coalesce(v.credentials, 0) + coalesce(u.credentials, 0) AS unknowns,
           CASE WHEN NOT r.sees_credentials OR v.credentials > 0 THEN NULL
                WHEN b.bound = 'hi' AND (u.credentials > 0 OR NOT r.sees_every_credential OR (g.level = 'obtainable' AND NOT r.sees_scope)) THEN NULL
                ELSE coalesce(CASE g.weights WHEN 'declared' THEN t.declared ELSE t.equal END, 0) / 3.6e9 / d.days END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT level, catalogue, weights FROM (SELECT unnest(['held', 'obtainable']) AS level) l
                CROSS JOIN (SELECT unnest(['fine', 'coarse']) AS catalogue) c
                CROSS JOIN (SELECT unnest(['declared', 'equal']) AS weights) w) g
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.level = g.level AND t.catalogue = g.catalogue AND t.bound = b.bound
    LEFT JOIN unscoped u ON u.run = r.run
    LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
)
SELECT run, level, catalogue, weights, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM hours GROUP BY run, level, catalogue, weights ORDER BY run, level, catalogue, weights
