-- title: Privilege-hours
-- question: How much authority is held, how much of it is needed, how much only stands there?
-- unit: weighted permission-hours per agent-day
-- grain: run, part
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: declared weights; credential level, so two credentials that carry one atom count twice; need at the grain of the action and of the task, without the waiting that control causes; on a log need is use, and credentials that it never shows have no upper end
-- source: PH, NPH and SPH = PH outside need; need inside a validity by difference of cumulative need
WITH credential_need AS (
    SELECT h.run, h.bound, h.weight, n.grain, epoch_us(h.ends) - epoch_us(h.starts) AS valid_us,
           coalesce(late.before_us + epoch_us(least(h.ends, late.ends)) - epoch_us(late.starts), 0)
           - coalesce(early.before_us + epoch_us(least(h.starts, early.ends)) - epoch_us(early.starts), 0) AS needed_us
    FROM (FROM held WHERE scope_known OR bound <> 'hi') h
    CROSS JOIN (SELECT unnest(['action', 'task']) AS grain) n
    ASOF LEFT JOIN need_tally late
        ON late.run = h.run AND late.principal = h.holder AND late.atom = h.atom AND late.grain = n.grain AND late.bound = h.bound AND late.starts <= h.ends
    ASOF LEFT JOIN need_tally early
        ON early.run = h.run AND early.principal = h.holder AND early.atom = h.atom AND early.grain = n.grain AND early.bound = h.bound AND early.starts <= h.starts
), parts AS (
    SELECT run, bound, 'held' AS part, weight * valid_us::HUGEINT AS weighted FROM credential_need WHERE grain = 'task'
    UNION ALL
    SELECT run, bound, 'standing_' || grain, weight * (valid_us - needed_us)::HUGEINT FROM credential_need
    UNION ALL
    SELECT n.run, n.bound, 'needed_' || n.grain, k.weight * (epoch_us(n.ends) - epoch_us(n.starts))::HUGEINT
    FROM need_stretch n JOIN catalogue k USING (run, atom)
), totals AS (
    SELECT run, bound, part, sum(weighted) AS weighted, count(*) FILTER (weighted IS NULL) AS unknowns
    FROM parts GROUP BY ALL
), hours AS (
    SELECT r.run, p.part, b.bound, coalesce(t.unknowns, 0) + coalesce(u.credentials, 0) AS unknowns,
           CASE WHEN NOT r.sees_credentials OR coalesce(t.unknowns, 0) > 0 THEN NULL
                WHEN b.bound = 'hi' AND p.of_need AND NOT r.sees_need THEN NULL
                WHEN b.bound = 'hi' AND NOT p.of_need AND (u.credentials > 0 OR NOT r.sees_every_credential) THEN NULL
                ELSE coalesce(t.weighted, 0) / 1e6 / 3.6e9 / d.days END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['held', 'needed_action', 'needed_task', 'standing_action', 'standing_task']) AS part,
                       starts_with(part, 'needed') AS of_need) p
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    -- The least need goes with the most that only stands there: for need itself the two bounds change places.
    LEFT JOIN totals t ON t.run = r.run AND t.part = p.part
         AND t.bound = CASE WHEN NOT p.of_need OR b.bound = 'exact' THEN b.bound WHEN b.bound = 'lo' THEN 'hi' ELSE 'lo' END
    LEFT JOIN unscoped u ON u.run = r.run
)
SELECT run, part, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM hours GROUP BY run, part ORDER BY run, part
