-- title: Crown-jewel hours
-- question: For how long each day could an agent change a crown jewel while its work did not need to?
-- unit: hours per agent-day
-- grain: run, level, need
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: a crown jewel is a write or permissions atom of a tier-3 group; of agents at work, what abandoned ones have left is in identity_debt (outlived_agent); need is that of whole tasks or of single actions, as the row says, without the waiting that control causes; on a log need is use, a credential of unknown scope may hold everything at most and what it was used for at least, and credentials that the log never shows have no upper end
-- source: union over atoms of (reach of the atom outside need of that atom), unweighted; obtainable = held or mintable, which is whatever a human who inspects everything, or a decision point that stops every attack, does not stand before. It is all or nothing: what lets one hostile request in a thousand pass is obtainable whole; a human who inspects is taken to recognise every attack but for the share that the scenario says is misled; waved_through = what would be obtainable if humans said yes unseen
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE is_jewel(tier, level)
), edge AS (
    SELECT run, holder AS principal, atom, bound, unnest([starts, ends]) AS time, unnest([1, -1]) AS held, 0 AS minted, 0 AS waved,
           0 AS task, 0 AS action
    FROM held SEMI JOIN jewel USING (run, atom) WHERE starts < ends
    UNION ALL
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, unnest(CASE WHEN guarded THEN [0, 0] ELSE [1, -1] END), unnest([1, -1]), 0, 0
    FROM grantable SEMI JOIN jewel USING (run, atom) WHERE by_human OR NOT guarded
    UNION ALL
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, 0, 0, unnest([1, -1]), 0
    FROM task_stretch SEMI JOIN jewel USING (run, atom) WHERE principal IS NOT NULL
    UNION ALL
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, 0, 0, 0, unnest([1, -1])
    FROM action_stretch SEMI JOIN jewel USING (run, atom) WHERE principal IS NOT NULL
), state AS (
    -- From one change to the next: by what an atom is reached, and which work needs it.
    SELECT run, principal, bound, time AS starts, lead(time) OVER upto AS ends, sum(sum(held)) OVER upto > 0 AS held,
           sum(sum(held + minted)) OVER upto > 0 AS obtainable, sum(sum(held + waved)) OVER upto > 0 AS reached,
           sum(sum(task)) OVER upto > 0 AS task, sum(sum(action)) OVER upto > 0 AS action
    FROM edge GROUP BY run, principal, bound, atom, time
    WINDOW upto AS (PARTITION BY run, principal, bound, atom ORDER BY time)
), span AS (
    SELECT run, principal, bound, starts, ends, held, obtainable, unnest(['task', 'action']) AS grain, unnest([task, action]) AS needed
    FROM state WHERE reached
), marked AS (
    SELECT *, max(ends) FILTER (held) OVER before AS covered_held, max(ends) FILTER (obtainable) OVER before AS covered_obtainable,
           max(ends) OVER before AS covered
    FROM span WHERE NOT needed
    WINDOW before AS (PARTITION BY run, principal, bound, grain ORDER BY starts, ends ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), lengths AS (
    SELECT run, bound, grain, unnest(['held', 'obtainable', 'waved_through']) AS level,
           unnest([sum(greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered_held, starts))))) FILTER (held),
                   sum(greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered_obtainable, starts))))) FILTER (obtainable),
                   sum(greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered, starts)))))])::HUGEINT AS us
    FROM marked GROUP BY run, bound, grain
), unclear AS (
    SELECT run, bound, count(*) AS unknowns FROM held SEMI JOIN jewel USING (run, atom) WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound
), hours AS (
    SELECT r.run, v.level, g.need, b.bound, coalesce(u.unknowns, 0) AS unknowns,
           -- Where nobody is measured there is no day of anybody's.
           CASE WHEN r.sees_credentials AND coalesce(u.unknowns, 0) = 0 AND d.days > 0
                     -- What a log may not show, a credential or what could be minted, has no upper end.
                     AND (b.bound = 'lo' OR r.sees_every_credential AND (v.level = 'held' OR r.sees_scope))
                THEN least(coalesce(l.us, 0) / 3.6e9 / d.days, 24) END AS value
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['held', 'obtainable', 'waved_through']) AS level) v
    CROSS JOIN (SELECT unnest(['task', 'action']) AS need) g
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN lengths l ON l.run = r.run AND l.level = v.level AND l.bound = b.bound AND l.grain = g.need
    LEFT JOIN unclear u ON u.run = r.run AND u.bound = b.bound
)
SELECT run, level, need, proven(value, bound) AS lo, at_most(value, bound) AS hi,
       max(unknowns)::BIGINT AS unknowns
FROM hours GROUP BY run, level, need ORDER BY run, level, need DESC
