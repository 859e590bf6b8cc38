-- title: Identity debt
-- question: What is open that somebody has to put right, and for how long was it open in the window?
-- unit: items open at the window's end; item-hours per agent-day
-- grain: run, cause, stat
-- unfinished: items open at the window's end count as open there and are cut
-- assumes: initial stock, not accumulated: there is no lifecycle yet. unowned: an identity while nobody owns it; never_needed: an atom while an identity holds it that never needed it in the window; outlived_task: a credential still accepted after the task it was issued for; overdue_rotation: a static key older than the rule
-- parameter: rotation_days = 90 | days after which a static key should have been replaced
-- source: ledger of items by cause; stock at the end and time integral
WITH owned AS (
    -- Where it is not known since when or until when somebody owns: always at least debt, not at all at most.
    SELECT o.run, o.owned AS principal, b.bound,
           CASE WHEN b.bound = 'lo' THEN coalesce(o.valid_from, '-infinity'::TIMESTAMP) ELSE o.valid_from END AS starts,
           CASE WHEN b.bound = 'lo' THEN coalesce(o.valid_to, 'infinity'::TIMESTAMP) ELSE o.valid_to END AS ends
    FROM ownership o CROSS JOIN bounds b
    WHERE o.role = 'owner' AND (b.bound <> 'hi' OR (o.valid_from IS NOT NULL AND o.valid_to IS NOT NULL))
), gap AS (
    -- Before the first owner, between two, after the last; without a known edge where an owner has none.
    SELECT run, principal, bound, starts AS ends,
           coalesce(max(ends) OVER (PARTITION BY run, principal, bound ORDER BY starts, ends
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), '-infinity'::TIMESTAMP) AS starts
    FROM owned
    UNION ALL
    SELECT run, principal, bound, 'infinity'::TIMESTAMP, CASE WHEN bool_and(ends IS NOT NULL) THEN max(ends) END
    FROM owned GROUP BY run, principal, bound
), open AS (
    -- Stretches in which something is open; an item (of whom, what) may have several.
    SELECT i.run, b.bound, 'unowned' AS cause, i.principal AS whose, NULL::BIGINT AS what,
           CASE WHEN g.run IS NULL THEN '-infinity'::TIMESTAMP ELSE g.starts END AS starts,
           CASE WHEN g.run IS NULL THEN 'infinity'::TIMESTAMP ELSE g.ends END AS ends
    FROM identity i CROSS JOIN bounds b
    LEFT JOIN gap g ON g.run = i.run AND g.principal = i.principal AND g.bound = b.bound
    WHERE i.principal IS NOT NULL OR b.bound <> 'lo'
    UNION ALL
    SELECT h.run, h.bound, 'never_needed', h.holder, h.atom, h.starts, h.ends
    FROM held h
    WHERE (h.scope_known OR h.bound <> 'hi')
      AND NOT EXISTS (FROM need_stretch n WHERE n.run = h.run AND n.principal = h.holder AND n.atom = h.atom
                      AND n.grain = 'task' AND n.bound = h.bound)
    UNION ALL
    SELECT h.run, h.bound, 'outlived_task', h.credential, NULL, CASE WHEN h.starts IS NOT NULL THEN greatest(h.starts, t.ended) END, h.ends
    FROM held h
    JOIN credential c ON c.run = h.run AND c.id = h.credential
    JOIN task t ON t.run = c.run AND t.id = c.task AND t.ended IS NOT NULL
    UNION ALL
    SELECT c.run, b.bound, 'overdue_rotation', c.id, NULL,
           CASE b.bound WHEN 'lo' THEN c.from_hi ELSE c.from_lo END + to_days($rotation_days::INTEGER),
           CASE b.bound WHEN 'lo' THEN c.to_lo ELSE c.to_hi END
    FROM credential c CROSS JOIN bounds b
    WHERE c.kind IN ('static_key', 'access_key')
), marked AS (
    SELECT o.*, r.t0, r.t1,
           max(o.ends) OVER (PARTITION BY o.run, o.bound, o.cause, o.whose, o.what ORDER BY o.starts, o.ends
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM open o JOIN run r USING (run)
    WHERE coalesce(o.starts < r.t1, true) AND coalesce(o.ends > r.t0, true) AND coalesce(o.starts < o.ends, true)
), totals AS (
    SELECT run, bound, cause, count(DISTINCT (whose, what)) FILTER (ends >= t1) AS open_items,
           sum(exposed_us(greatest(starts, coalesce(covered, starts)), ends, t0, t1))::HUGEINT / 3.6e9 AS item_hours,
           count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns
    FROM marked GROUP BY run, bound, cause
), causes AS (
    SELECT r.run, c.cause, r.sees_every_credential AS sees_all,
           CASE c.cause WHEN 'unowned' THEN r.sees_scope WHEN 'never_needed' THEN r.sees_scope
                        WHEN 'outlived_task' THEN r.sees_tasks AND r.sees_credentials ELSE r.sees_credentials END AS seen
    FROM run r
    CROSS JOIN (SELECT unnest(['unowned', 'never_needed', 'outlived_task', 'overdue_rotation']) AS cause) c
), valued AS (
    SELECT c.run, c.cause, s.stat, d.bound, coalesce(t.unknowns, 0) AS unknowns,
           -- Of keys and grants a log proves those that it shows; how many more there are it does not say.
           CASE WHEN c.seen AND coalesce(t.unknowns, 0) = 0 AND (d.bound <> 'hi' OR c.sees_all OR c.cause = 'unowned')
                THEN CASE s.stat WHEN 'open_items' THEN coalesce(t.open_items, 0) ELSE coalesce(t.item_hours, 0) / d.days END
           END AS value
    FROM causes c
    CROSS JOIN (SELECT unnest(['open_items', 'item_hours']) AS stat) s
    JOIN agent_days d USING (run)
    LEFT JOIN totals t ON t.run = c.run AND t.cause = c.cause AND t.bound = d.bound
)
SELECT run, cause, stat, proven(value, bound) AS lo, at_most(value, bound) AS hi, max(unknowns) AS unknowns
FROM valued GROUP BY run, cause, stat ORDER BY run, cause, stat
