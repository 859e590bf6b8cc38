-- title: Stale access
-- question: How much authority outlives its last use, and how much is never used at all?
-- unit: weighted permission-hours per agent-day
-- grain: run, part
-- unfinished: whatever is still valid at the window's end is cut there, so a later use that would shorten a tail is not seen
-- assumes: need at the grain of the task, which ends with its last action, so that at that of the action only what ends amid a task is stale for longer
-- assumes: used: the tail after the last need during the credential's life, also before the window
-- assumes: never_used: its whole life, where nothing since the run began needed it
-- assumes: of either what lies in the window
-- assumes: where it is not known when a credential began or ended, of all lives that may have been, because neither the shortest nor the longest need be the one with the least or the most
-- assumes: on a log need is use, and use that does not say whose it was a need of any identity at most
-- assumes: where it does not name tasks, a call may be an attacker's or no part of the work, so that nothing is certain to be needed and only the total is bounded there
-- assumes: on a log what a credential carries of which nobody knows who holds it was needed last when anybody needed it last, at least, and never at most
-- source: SAE = sum of weight x tail, never-used grants apart
WITH weighed AS (
    -- Of all that is held the time that was followed by a need is taken away: only what was ever needed has to be looked at.
    SELECT run, bound, unnest(['used', 'never_used', 'total']) AS part, unnest([0::HUGEINT, held, held]) AS weighted
    FROM (SELECT run, bound, sum(weight * (epoch_us(ends) - epoch_us(starts))::HUGEINT) AS held
          FROM held_once WHERE (scope_known OR bound <> 'hi') AND starts IS NOT NULL AND ends IS NOT NULL GROUP BY run, bound)
    UNION ALL
    SELECT run, bound, unnest(['used', 'never_used', 'total']), unnest([used, never, total])
    FROM (SELECT run, bound, sum(weight * used_us::HUGEINT) AS used, sum(weight * (never_us - held_us)::HUGEINT) AS never,
                 sum(weight * (total_us - held_us)::HUGEINT) AS total
          FROM held_after_need GROUP BY run, bound)
), totals AS (
    SELECT w.run, b.bound, w.part, sum(w.weighted) AS weighted
    FROM weighed w JOIN counts_for b ON b.known = w.bound GROUP BY w.run, b.bound, w.part
), hours AS (
    SELECT r.run, p.part, b.bound, coalesce(v.credentials, 0) + coalesce(u.credentials, 0) + coalesce(q.needs, 0) + d.unsure AS unknowns,
           CASE WHEN NOT r.sees_credentials OR v.credentials > 0 THEN NULL
                WHEN b.bound = 'hi' AND (u.credentials > 0 OR NOT r.sees_every_credential) THEN NULL
                -- Where need is not known, what was used may pass for unused and the other way round.
                WHEN p.part <> 'total' AND NOT n.known THEN NULL
                ELSE permission_hours(coalesce(t.weighted, 0)) / d.days END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['used', 'never_used', 'total']) AS part) p
    JOIN clear_need n ON n.run = r.run
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.part = p.part AND t.bound = b.bound
    LEFT JOIN unscoped u ON u.run = r.run
    LEFT JOIN unknown_validity v ON v.run = r.run AND v.bound = b.bound
    LEFT JOIN doubtful_need q ON q.run = r.run
)
SELECT run, part, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM hours GROUP BY run, part ORDER BY run, part
