-- title: Identity debt
-- question: What is open that somebody has to put right, and for how long was it open in the window?
-- unit: items open at the window's end; item-hours per agent-day
-- grain: run, cause, stat
-- unfinished: items open at the window's end count as open there and are cut
-- assumes: initial stock, not accumulated: there is no lifecycle yet. unowned: an identity without an owner; never_needed: an atom that an identity held and never needed in the window; outlived_task: a credential still accepted after the task it was issued for; overdue_rotation: a never-ending key older than the rule
-- parameter: rotation_days = 90 | days after which a static key should have been replaced
-- source: ledger of items by cause; stock at the end and time integral
WITH item AS (
    SELECT r.run, 'unowned' AS cause, r.t0 AS opened, r.t1 AS closed
    FROM identity i JOIN run r USING (run)
    WHERE NOT EXISTS (FROM ownership o WHERE o.run = i.run AND o.owned = i.principal AND o.role = 'owner'
                      AND coalesce(o.valid_to, r.t1) >= r.t1)
    UNION ALL
    SELECT h.run, 'never_needed', min(h.starts), max(h.ends)
    FROM held h
    WHERE h.bound <> 'hi' AND h.scope_known
      AND NOT EXISTS (FROM need_stretch n
                      WHERE n.run = h.run AND n.principal = h.holder AND n.atom = h.atom AND n.grain = 'task' AND n.bound = h.bound)
    GROUP BY h.run, h.holder, h.atom
    UNION ALL
    SELECT h.run, 'outlived_task', greatest(t.ended, min(h.starts)), max(h.ends)
    FROM held h
    JOIN credential c ON c.run = h.run AND c.id = h.credential
    JOIN task t ON t.run = c.run AND t.id = c.task AND t.ended IS NOT NULL
    WHERE h.bound <> 'hi'
    GROUP BY h.run, h.credential, t.ended
    HAVING max(h.ends) > t.ended
    UNION ALL
    SELECT c.run, 'overdue_rotation', greatest(c.from_hi + to_days($rotation_days::INTEGER), r.t0), r.t1
    FROM credential c JOIN run r USING (run)
    WHERE c.to_hi = 'infinity' AND c.kind IN ('static_key', 'access_key')
      AND c.from_hi + to_days($rotation_days::INTEGER) < r.t1
), totals AS (
    SELECT i.run, i.cause, count(*) FILTER (i.closed >= r.t1) AS open_items,
           sum(exposed_us(i.opened, i.closed, r.t0, r.t1))::HUGEINT / 3.6e9 AS item_hours
    FROM item i JOIN run r USING (run)
    GROUP BY i.run, i.cause
), grid AS (
    SELECT r.run, c.cause, s.stat, r.sees_history,
           CASE c.cause WHEN 'unowned' THEN r.sees_scope WHEN 'never_needed' THEN r.sees_scope
                        WHEN 'outlived_task' THEN r.sees_tasks AND r.sees_credentials ELSE r.sees_credentials END AS seen
    FROM run r
    CROSS JOIN (SELECT unnest(['unowned', 'never_needed', 'outlived_task', 'overdue_rotation']) AS cause) c
    CROSS JOIN (SELECT unnest(['open_items', 'item_hours']) AS stat) s
), valued AS (
    SELECT g.run, g.cause, g.stat, g.seen, g.sees_history,
           CASE g.stat WHEN 'open_items' THEN coalesce(t.open_items, 0) ELSE coalesce(t.item_hours, 0) / d.days END AS value
    FROM grid g JOIN agent_days d USING (run) LEFT JOIN totals t ON t.run = g.run AND t.cause = g.cause
)
SELECT run, cause, stat, CASE WHEN seen THEN value END AS lo,
       -- A log proves that a key is at least as old as its first use; how many older ones there are it does not say.
       CASE WHEN seen AND (cause <> 'overdue_rotation' OR sees_history) THEN value END AS hi,
       0 AS unknowns
FROM valued ORDER BY run, cause, stat
