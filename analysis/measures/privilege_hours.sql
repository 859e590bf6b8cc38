-- title: Privilege-hours
-- question: How much authority is held, how much of it is needed, how much only stands there?
-- unit: times what is needed of it | excess_*; percent of what is held | justified_*; weighted permission-hours per agent-day | *
-- grain: run, part
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: each permission weighs what the catalogue declares
-- assumes: of agents at work, what abandoned ones have left is in identity_debt (outlived_agent)
-- assumes: credential level, so two credentials that carry one atom count twice, and are both needed while their holder needs it: held = needed + standing at either grain
-- assumes: excess = held / needed, justified = needed / held, which is 1 - standing / held
-- assumes: they say nothing where nothing is held, or nothing is needed. identity_need_action, identity_need_task: identity level, all that work needs, once, whether a credential carries it or not
-- assumes: need at the grain of the action and of the task, without the waiting that control causes
-- assumes: on a log need is use, but use for no task proves no need, a call of which nobody knows whether it was let through was a need at most, and one that does not say who made it at most a need of any identity, what needs calls that the log keeps only by choice may have been needed all the time, and credentials that it never shows have no upper end
-- assumes: on a log what a credential carries of which nobody knows who holds it is needed at most whenever anybody needs it, and at least never
-- source: PH, NPH and SPH = PH outside need, all of credentials; X = PH / NPH, J = 1 - SPH / PH; need inside a validity by difference of cumulative need
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
    SELECT l.run, l.bound, s.beside || '_' || g.grain,
           CASE s.beside WHEN 'needed' THEN coalesce(i.weighted, 0) ELSE l.weighted - coalesce(i.weighted, 0) END, l.unknowns
    FROM lengths l CROSS JOIN (SELECT unnest(['action', 'task']) AS grain) g CROSS JOIN (SELECT unnest(['needed', 'standing']) AS beside) s
    LEFT JOIN inside i ON i.run = l.run AND i.bound = l.bound AND i.grain = g.grain AND i.beside = s.beside
    UNION ALL
    -- The least need goes with the most that only stands there: for need itself the two bounds change places.
    SELECT n.run, CASE n.bound WHEN 'lo' THEN 'hi' WHEN 'hi' THEN 'lo' ELSE n.bound END, 'identity_need_' || n.grain,
           sum(k.weight * (epoch_us(n.ends) - epoch_us(n.starts))::HUGEINT), 0
    FROM need_stretch n JOIN catalogue k USING (run, atom) GROUP BY n.run, n.bound, n.grain
), amounts AS (
    SELECT r.run, p.part, b.bound, d.days,
           coalesce(t.unknowns, 0) + coalesce(u.credentials, 0) + d.unsure + CASE p.part WHEN 'held' THEN 0 ELSE coalesce(q.needs, 0) END AS unknowns,
           CASE WHEN NOT r.sees_credentials OR coalesce(t.unknowns, 0) > 0 THEN NULL
                WHEN b.bound = 'hi' AND p.of_identity AND NOT r.sees_need THEN NULL
                WHEN b.bound = 'hi' AND NOT p.of_identity AND (u.credentials > 0 OR NOT r.sees_every_credential) THEN NULL
                ELSE coalesce(t.weighted, 0) END AS weighted
    FROM run r
    CROSS JOIN bounds b
    CROSS JOIN (SELECT unnest(['held', 'needed_action', 'needed_task', 'standing_action', 'standing_task',
                               'identity_need_action', 'identity_need_task']) AS part, starts_with(part, 'identity') AS of_identity) p
    JOIN agent_days d ON d.run = r.run AND d.bound = b.bound
    LEFT JOIN totals t ON t.run = r.run AND t.part = p.part AND t.bound = b.bound
    LEFT JOIN unscoped u ON u.run = r.run
    LEFT JOIN doubtful_need q ON q.run = r.run
), bounded AS (
    SELECT run, part, proven(permission_hours(weighted) / days, bound) AS lo, at_most(permission_hours(weighted) / days, bound) AS hi,
           proven(weighted, bound) AS least, at_most(weighted, bound) AS most, max(unknowns) AS unknowns
    FROM amounts GROUP BY run, part
), shares AS (
    -- What is needed of what is held and what only stands have bounds of their own: one may be the least while the other is the
    -- most. Where nothing is held for certain, whatever there is may be all needed, or none of it.
    SELECT n.run, g.grain, greatest(n.unknowns, s.unknowns) AS unknowns,
           CASE WHEN n.least + s.most > 0 THEN n.least / (n.least + s.most) WHEN n.least + s.most = 0 AND n.most > 0 THEN 1 END AS lo,
           CASE WHEN n.most + s.least > 0 THEN n.most / (n.most + s.least) WHEN n.most + s.least = 0 AND s.most > 0 THEN 0 END AS hi
    FROM (SELECT unnest(['action', 'task']) AS grain) g
    JOIN bounded n ON n.part = 'needed_' || g.grain
    JOIN bounded s ON s.run = n.run AND s.part = 'standing_' || g.grain
)
SELECT run, part, lo, hi, unknowns FROM bounded
UNION ALL
SELECT run, 'justified_' || grain, 100 * lo, 100 * hi, unknowns FROM shares
UNION ALL
SELECT run, 'excess_' || grain, 1 / nullif(hi, 0), 1 / nullif(lo, 0), unknowns FROM shares
ORDER BY run, part
