-- title: Effective authority
-- question: What could an identity do that its work does not need, by whatever it holds, and does the answer hang on weights or on how finely things are told apart?
-- unit: weighted permission-hours per agent-day | * declared; permission-hours per agent-day | * equal
-- grain: run, level, catalogue, weights
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: of agents at work, what abandoned ones have left is in identity_debt (outlived_agent)
-- assumes: identity level: what several credentials of an identity let it do counts once, outside the need of its tasks, and of no single actions: between these more stands, which crown_jewel_hours and privilege_hours tell at either grain
-- assumes: privilege_hours counts by credential. held, obtainable: as in crown_jewel_hours. fine: the catalogue's atoms, each a level on a resource group
-- assumes: coarse: of each tier whether it is read or changed, which stays what it is however resources are split, merged or named, with the greatest weight of what is in it
-- assumes: needed while any of it is. declared: by the catalogue's weights
-- assumes: equal: each of them alike. A ranking that turns from one of these to another hangs on it
-- assumes: on a log a credential of which nobody knows who holds it adds nothing to what identities hold at least, for its holder may hold the same anyway or need it, and at most it is one more identity's that needs nothing of it
-- source: length of the union of reach outside the union of need: of both together, less that of need
WITH told_apart AS (
    SELECT run, atom, 'fine' AS catalogue, atom AS key, weight FROM catalogue
    UNION ALL
    SELECT run, atom, 'coarse', 2 * tier + (level IN ('write', 'tagging', 'permissions'))::INTEGER AS key,
           max(weight) OVER (PARTITION BY run, tier, level IN ('write', 'tagging', 'permissions'))
    FROM catalogue
), keyed AS (
    -- A number for each, in each bound: millions of spans are sorted by it.
    SELECT k.*, narrow(b.bound) AS bound, dense_rank() OVER (ORDER BY k.run, k.catalogue, k.key, b.bound)::INTEGER AS lane
    FROM told_apart k CROSS JOIN (SELECT DISTINCT known AS bound FROM counts_for) b
), spans AS (
    SELECT run, principal, atom, bound, starts, ends, true AS of_need, false AS of_issuer FROM task_worked_out WHERE starts < ends
    UNION ALL
    SELECT run, principal, atom, bound, starts, ends, false, false FROM reach_worked_out WHERE (scope_known OR bound <> 'hi') AND starts < ends
    UNION ALL
    SELECT run, principal, atom, bound, starts, ends, false, true FROM mintable_worked_out WHERE starts < ends
), marked AS (
    SELECT k.lane, s.starts, s.ends, s.of_need, s.of_issuer,
           max(s.ends) FILTER (s.of_need) OVER before AS needed, max(s.ends) FILTER (NOT s.of_issuer) OVER before AS held,
           max(s.ends) OVER before AS obtainable
    FROM spans s JOIN keyed k USING (run, atom, bound)
    WINDOW before AS (PARTITION BY s.principal, k.lane ORDER BY s.starts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), lengths AS (
    -- What each adds to the length of the union of need, of that with what is held, and of that with what is obtainable.
    SELECT lane, CASE WHEN of_need THEN greatest(0, epoch_us(ends) - epoch_us(greatest(starts, needed))) ELSE 0 END AS needed_us,
           CASE WHEN of_issuer THEN 0 ELSE greatest(0, epoch_us(ends) - epoch_us(greatest(starts, held))) END - needed_us AS held_us,
           greatest(0, epoch_us(ends) - epoch_us(greatest(starts, obtainable))) - needed_us AS obtainable_us
    FROM marked
), summed AS (
    SELECT lane, sum(held_us) AS held_us, sum(obtainable_us) AS obtainable_us FROM lengths GROUP BY lane
), totals AS (
    SELECT k.run, b.bound, k.catalogue, unnest(['held', 'obtainable']) AS level,
           unnest([sum(k.weight * s.held_us), sum(k.weight * s.obtainable_us)]) / 1e6 AS declared,
           unnest([sum(s.held_us), sum(s.obtainable_us)]) AS equal
    FROM summed s JOIN (SELECT DISTINCT run, bound, catalogue, lane, weight FROM keyed) k USING (lane) JOIN counts_for b ON b.known = k.bound
    GROUP BY k.run, b.bound, k.catalogue
), hours AS (
    SELECT r.run, g.level, g.catalogue, g.weights, b.bound, coalesce(v.credentials, 0) + coalesce(u.credentials, 0) + coalesce(q.needs, 0) + d.unsure AS unknowns,
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
    LEFT JOIN doubtful_need q ON q.run = r.run
)
SELECT run, level, catalogue, weights, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM hours GROUP BY run, level, catalogue, weights ORDER BY run, level, catalogue, weights
