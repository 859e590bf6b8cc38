-- title: Privilege-hours
-- question: How much authority is held, how much of it is needed, how much only stands there?
-- unit: weighted permission-hours per agent-day
-- grain: run, part
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: declared weights; of agents at work, what abandoned ones have left is in identity_debt (outlived_agent); credential level, so two credentials that carry one atom count twice; need at the grain of the action and of the task, without the waiting that control causes; on a log need is use, and credentials that it never shows have no upper end
-- source: PH, NPH and SPH = PH outside need; need inside a validity by difference of cumulative need
WITH lengths AS (
    SELECT h.run, b.bound, sum(h.weighted) AS weighted, sum(h.unknowns)::BIGINT AS unknowns
    FROM (SELECT run, bound, sum(weight * (epoch_us(ends) - epoch_us(starts))::HUGEINT) AS weighted,
                 count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns
          FROM held_once WHERE scope_known OR bound <> 'hi' GROUP BY run, bound) h
    JOIN counts_for b ON b.known = h.bound
    GROUP BY h.run, b.bound
), inside AS (
    SELECT *, 'action' AS grain FROM needed_inside('action_tally_once')
    UNION ALL
    SELECT *, 'task' FROM needed_inside('task_tally_once')
), totals AS (
    SELECT run, bound, 'held' AS part, weighted, unknowns FROM lengths
    UNION ALL
    SELECT l.run, l.bound, 'standing_' || g.grain, l.weighted - coalesce(i.weighted, 0), l.unknowns
    FROM lengths l CROSS JOIN (SELECT unnest(['action', 'task']) AS grain) g
    LEFT JOIN inside i ON i.run = l.run AND i.bound = l.bound AND i.grain = g.grain
    UNION ALL
    SELECT n.run, n.bound, 'needed_' || n.grain, sum(k.weight * (epoch_us(n.ends) - epoch_us(n.starts))::HUGEINT), 0
    FROM need_stretch n JOIN catalogue k USING (run, atom) GROUP BY n.run, n.bound, n.grain
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
