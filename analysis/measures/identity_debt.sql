-- title: Identity debt
-- question: What is open that somebody has to put right, how did it come about, and for how long was it open in the window?
-- unit: items, person-hours, or item-hours per agent-day
-- grain: run, cause, stat
-- unfinished: items open at the window's end are closing and are cut there
-- assumes: a balance over the horizon before the window's end, opening + inflow = outflow + closing, an item once each time it opens; what rests on need (never_needed, outlived_task, excess_grant) is known within the window only, so its balance is over that. unowned: an identity while nobody who is there answers for it; shadow: one that no inventory lists; never_needed: an atom while an identity holds it that never needed it in the window; excess_grant: the same of what it was given to use or assume; outlived_task: a credential still accepted after the task it was issued for; outlived_agent: what an abandoned agent has left, until all of it is removed; overdue_rotation: a static key older than the rule; renewed_unevaluated: a credential that was renewed without a decision; unreviewed: an identity whose last review, or beginning, is longer ago than the rule, and an emergency access that nobody has looked at since it was taken. On a log, what no inventory lists has no upper end
-- parameter: horizon_days = 365 | days before the window's end over which items come and go
-- parameter: rotation_days = 90 | days after which a static key should have been replaced
-- parameter: review_days = 90 | days after which an identity should have been reviewed again
-- source: ledger of items by cause, as a balance sheet; principal: items times declared minutes (scenario.debt)
WITH living AS (
    -- A credential until its end, or until every verifier that hears of it has stopped accepting it.
    SELECT c.run, c.id, c.kind, c.task, b.bound, CASE b.bound WHEN 'lo' THEN c.from_hi ELSE c.from_lo END AS starts,
           least(CASE b.bound WHEN 'lo' THEN c.to_lo ELSE c.to_hi END,
                 CASE WHEN c.to_hi IS NOT NULL THEN coalesce(a.until, 'infinity'::TIMESTAMP) END) AS ends
    FROM credential c CROSS JOIN bounds b
    LEFT JOIN (SELECT run, credential, max(until_hi) AS until FROM acceptance GROUP BY run, credential) a
        ON a.run = c.run AND a.credential = c.id
), seen_again AS (
    -- An identity from one review to the next; the first begins with it.
    SELECT t.run, t.principal, v.time AS starts, t.ends
    FROM there t JOIN event v ON v.run = t.run AND v.target = t.principal AND v.kind = 'review'
    UNION ALL
    FROM there
), reviewed AS (
    SELECT run, principal, starts + to_days($review_days::INTEGER) AS starts,
           least(ends, lead(starts, 1, 'infinity'::TIMESTAMP) OVER (PARTITION BY run, principal ORDER BY starts)) AS ends
    FROM seen_again
), opened AS (
    -- Stretches in which something is open; an item (of whom, what) may have several.
    SELECT run, bound, 'unowned' AS cause, principal AS whose, NULL::BIGINT AS what, starts, ends FROM unanswered
    UNION ALL
    SELECT t.run, b.bound, 'shadow', t.principal, NULL, t.starts, t.ends
    FROM there t JOIN shadow s USING (run, principal) CROSS JOIN bounds b
    UNION ALL
    SELECT h.run, h.bound, 'never_needed', h.holder, h.atom, h.starts, h.ends
    FROM held h
    WHERE (h.scope_known OR h.bound <> 'hi')
      AND NOT EXISTS (FROM need_stretch n WHERE n.run = h.run AND n.principal = h.holder AND n.atom = h.atom
                      AND n.grain = 'task' AND n.bound = h.bound)
    UNION ALL
    SELECT a.run, b.bound, 'excess_grant', a.principal, s.atom, a.valid_from, a.valid_to
    FROM assignment a
    JOIN scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND s.effect = 'allow'
    CROSS JOIN bounds b
    ANTI JOIN gone g ON g.run = a.run AND g.principal = a.principal
    WHERE NOT EXISTS (FROM need_stretch n WHERE n.run = a.run AND n.principal = a.principal AND n.atom = s.atom
                      AND n.grain = 'task' AND n.bound = b.bound)
    UNION ALL
    SELECT h.run, h.bound, 'outlived_task', h.credential, NULL, CASE WHEN h.starts IS NOT NULL THEN greatest(h.starts, t.ended) END, h.ends
    FROM held h
    JOIN credential c ON c.run = h.run AND c.id = h.credential
    JOIN task t ON t.run = c.run AND t.id = c.task AND t.ended IS NOT NULL
    UNION ALL
    SELECT t.run, b.bound, 'outlived_agent', t.principal, NULL, g.since, t.ends
    FROM there t JOIN gone g USING (run, principal) CROSS JOIN bounds b
    UNION ALL
    SELECT run, bound, 'overdue_rotation', id, NULL, starts + to_days($rotation_days::INTEGER), ends
    FROM living WHERE kind IN ('static_key', 'access_key')
    UNION ALL
    SELECT c.run, c.bound, 'renewed_unevaluated', c.id, NULL, c.starts, c.ends
    FROM living c
    JOIN event e ON e.run = c.run AND e.issued = c.id AND e.kind = 'renew'
    WHERE NOT EXISTS (FROM event d WHERE d.run = e.run AND d.kind = 'decide' AND d.credential = e.credential)
    UNION ALL
    SELECT v.run, b.bound, 'unreviewed', v.principal, NULL, v.starts, v.ends
    FROM reviewed v CROSS JOIN bounds b
    UNION ALL
    SELECT c.run, c.bound, 'unreviewed', NULL, c.id, c.starts, coalesce(min(v.time), 'infinity'::TIMESTAMP)
    FROM living c LEFT JOIN event v ON v.run = c.run AND v.kind = 'review' AND v.issued = c.id
    WHERE c.kind = 'break_glass'
    GROUP BY c.run, c.bound, c.id, c.starts
), framed AS (
    -- Once each: rows that are the same in every column have no order.
    SELECT DISTINCT o.*, r.t0, r.t1,
           CASE WHEN cause IN ('never_needed', 'outlived_task', 'excess_grant') THEN r.t0
                ELSE least(r.t0, r.t1 - to_days($horizon_days::INTEGER)) END AS since
    FROM opened o JOIN run r USING (run)
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY run, bound, cause, whose, what ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM framed
    WHERE coalesce(starts < t1, true) AND coalesce(ends > since, true) AND coalesce(starts < ends, true)
), merged AS (
    -- An item that is open without a break, whatever holds it open.
    SELECT run, bound, cause, whose, what, t0, t1, since, min(starts) AS starts, max(ends) AS ends,
           count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns
    FROM (SELECT *, count(*) FILTER (covered IS NULL OR starts > covered)
                    OVER (PARTITION BY run, bound, cause, whose, what ORDER BY starts, ends ROWS UNBOUNDED PRECEDING) AS stretch
          FROM marked)
    GROUP BY run, bound, cause, whose, what, t0, t1, since, stretch
), totals AS (
    SELECT run, bound, cause, sum(unknowns)::BIGINT AS unknowns,
           count(*) FILTER (starts <= since) AS opening, count(*) FILTER (starts > since) AS inflow,
           count(*) FILTER (ends < t1) AS outflow, count(*) FILTER (ends >= t1) AS closing,
           sum(exposed_us(starts, ends, t0, t1))::HUGEINT / 3.6e9 AS item_hours
    FROM merged GROUP BY run, bound, cause
), causes AS (
    SELECT r.run, c.cause, r.sees_inventory, r.sees_every_credential AS sees_all, r.begins <= r.t1 - to_days($horizon_days::INTEGER) AS sees_horizon,
           (r.scenario ->> ('$.debt.' || c.cause))::DOUBLE / 60 AS each_hours,
           CASE WHEN c.cause IN ('overdue_rotation') THEN r.sees_credentials
                WHEN c.cause = 'outlived_task' THEN r.sees_tasks AND r.sees_credentials
                WHEN c.cause = 'renewed_unevaluated' THEN r.sees_decisions AND r.sees_every_credential
                WHEN c.cause = 'unreviewed' THEN r.sees_scope AND r.sees_reviews
                WHEN c.cause = 'shadow' THEN r.sees_inventory
                ELSE r.sees_scope END AS seen
    FROM run r
    CROSS JOIN (SELECT unnest(['unowned', 'shadow', 'never_needed', 'excess_grant', 'outlived_task', 'outlived_agent',
                               'overdue_rotation', 'renewed_unevaluated', 'unreviewed']) AS cause) c
), valued AS (
    SELECT c.run, c.cause, s.stat, d.bound, coalesce(t.unknowns, 0) AS unknowns,
           -- Of keys and grants a log proves those that it shows; how many more there are it does not say, nor of a time
           -- before it began what came and went.
           CASE WHEN c.seen AND coalesce(t.unknowns, 0) = 0
                 AND (d.bound <> 'hi' OR (c.sees_all AND c.cause NOT IN ('shadow', 'excess_grant', 'outlived_agent', 'unreviewed'))
                      OR c.cause = 'unowned')
                 AND (d.bound <> 'hi' OR c.cause <> 'unowned' OR NOT c.sees_inventory)
                 AND (d.bound = 'exact' OR c.sees_horizon OR s.stat NOT IN ('opening', 'inflow', 'outflow'))
                THEN CASE s.stat WHEN 'opening' THEN coalesce(t.opening, 0) WHEN 'inflow' THEN coalesce(t.inflow, 0)
                                 WHEN 'outflow' THEN coalesce(t.outflow, 0) WHEN 'closing' THEN coalesce(t.closing, 0)
                                 WHEN 'principal_hours' THEN coalesce(t.closing, 0) * c.each_hours
                                 ELSE coalesce(t.item_hours, 0) / d.days END
           END AS value
    FROM causes c
    CROSS JOIN (SELECT unnest(['opening', 'inflow', 'outflow', 'closing', 'item_hours', 'principal_hours']) AS stat) s
    JOIN agent_days d USING (run)
    LEFT JOIN totals t ON t.run = c.run AND t.cause = c.cause AND t.bound = d.bound
)
SELECT run, cause, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM valued GROUP BY run, cause, stat ORDER BY run, cause, stat
