-- title: Crown-jewel hours
-- question: For how long each day could an agent change a crown jewel while its work did not need to?
-- unit: hours per agent-day
-- grain: run, level, need
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: a crown jewel is a write or permissions atom of a tier-3 group; of agents at work, what abandoned ones have left is in identity_debt (outlived_agent); need is that of whole tasks or of single actions, as the row says, without the waiting that control causes; on a log need is use, but use for no task proves no need, use that does not say whose it was is a need of any identity at most, a credential of unknown scope may hold everything at most and what it was used for at least, and credentials that the log never shows have no upper end
-- assumes: on a log a credential of which nobody knows who holds it adds nothing to what identities hold at least, for its holder may hold the same anyway or need it, and at most it is one more identity's that needs nothing of it
-- source: union over atoms of (reach of the atom outside need of that atom), unweighted; obtainable = held or mintable, which is whatever a human who inspects everything, or a decision point that stops every attack, does not stand before. It is all or nothing: what lets one hostile request in a thousand pass is obtainable whole; a human who inspects is taken to recognise every attack but for the share that the scenario says is misled; waved_through = what would be obtainable if humans said yes unseen
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE is_jewel(tier, level)
), edge AS (
    SELECT run, principal, atom, bound, unnest([starts, ends]) AS time, unnest([1, -1]) AS held, 0 AS minted, 0 AS waved, 0 AS task, 0 AS action
    FROM reach_worked_out SEMI JOIN jewel USING (run, atom) WHERE starts < ends
    UNION ALL
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, unnest(CASE WHEN guarded THEN [0, 0] ELSE [1, -1] END), unnest([1, -1]), 0, 0
    FROM grantable_worked_out SEMI JOIN jewel USING (run, atom) WHERE by_human OR NOT guarded
    UNION ALL
    -- What nobody known needs excuses nobody: who holds without a name need not be who works without one.
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, 0, 0, unnest([1, -1]), 0
    FROM task_worked_out SEMI JOIN jewel USING (run, atom) WHERE principal IS NOT NULL
    UNION ALL
    SELECT run, principal, atom, bound, unnest([starts, ends]), 0, 0, 0, 0, unnest([1, -1])
    FROM action_worked_out SEMI JOIN jewel USING (run, atom) WHERE principal IS NOT NULL
), state AS (
    -- From one change to the next: by what an atom is reached, and which work needs it. Of changes at one time the last tells.
    SELECT run, principal, bound, time AS starts, lead(time) OVER upto AS ends, sum(held) OVER upto > 0 AS held,
           sum(held + minted) OVER upto > 0 AS obtainable, sum(held + waved) OVER upto > 0 AS waved_through,
           sum(task) OVER upto = 0 AS beside_task, sum(action) OVER upto = 0 AS beside_action
    FROM edge
    WINDOW upto AS (PARTITION BY run, principal, bound, atom ORDER BY time ROWS UNBOUNDED PRECEDING)
), marked AS (
    -- A task needs all that its actions do, so that what is beside a task's need is beside that of actions.
    SELECT *, max(ends) FILTER (held AND beside_task) OVER before AS held_task, max(ends) FILTER (held) OVER before AS held_action,
           max(ends) FILTER (obtainable AND beside_task) OVER before AS obtainable_task, max(ends) FILTER (obtainable) OVER before AS obtainable_action,
           max(ends) FILTER (beside_task) OVER before AS waved_task, max(ends) OVER before AS waved_action
    FROM state WHERE waved_through AND beside_action AND starts < ends
    WINDOW before AS (PARTITION BY run, principal, bound ORDER BY starts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), counted AS (
    -- A row for each level and grain: whether it counts there, and up to when those before it cover.
    SELECT run, bound, unnest(['held', 'held', 'obtainable', 'obtainable', 'waved_through', 'waved_through']) AS level,
           unnest(['task', 'action', 'task', 'action', 'task', 'action']) AS grain,
           unnest([held AND beside_task, held, obtainable AND beside_task, obtainable, beside_task, true]) AS counts,
           unnest([held_task, held_action, obtainable_task, obtainable_action, waved_task, waved_action]) AS covered, starts, ends
    FROM marked
), lengths AS (
    -- Of what counts, what those before it do not cover.
    SELECT a.run, b.bound, a.level, a.grain, sum(a.us) AS us
    FROM (SELECT run, bound, level, grain, sum(greatest(0, epoch_us(ends) - epoch_us(greatest(starts, covered))))::HUGEINT AS us
          FROM counted WHERE counts GROUP BY run, bound, level, grain) a
    JOIN counts_for b ON b.known = a.bound GROUP BY a.run, b.bound, a.level, a.grain
), unclear AS (
    SELECT run, bound, count(*) AS unknowns FROM held SEMI JOIN jewel USING (run, atom) WHERE starts IS NULL OR ends IS NULL GROUP BY run, bound
), hours AS (
    SELECT r.run, v.level, g.need, b.bound, coalesce(u.unknowns, 0) + coalesce(q.needs, 0) + d.unsure AS unknowns,
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
    LEFT JOIN doubtful_need q ON q.run = r.run
)
SELECT run, level, need, proven(value, bound) AS lo, at_most(value, bound) AS hi,
       max(unknowns)::BIGINT AS unknowns
FROM hours GROUP BY run, level, need ORDER BY run, level, need DESC
