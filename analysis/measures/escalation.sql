-- title: Escalation
-- question: What could whoever holds an atom that grants, assumes or passes roles come to hold with it, beside what it holds anyway?
-- unit: weighted permission-hours per agent-day
-- grain: run, reach
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: a catalogue says which atoms change permissions (level permissions), not what they can give. So lo is nothing more, and hi is the widest that they may mean: under group, every atom of the same group of resources, and under system, every atom of the same system, at any level, those that change permissions too, so that what can be come to hold leads no further. For as long as an identity holds such an atom; less whatever else it holds at that time, all of its credentials together; what it came to hold and kept when the atom was gone is not counted. On a log what was held for certain is taken off what was held at most
-- source: privilege escalation through granting, assuming and passing roles, as a closure over the access graph; declared weights
WITH granting AS (
    -- Only where a log could set a limit: of credentials that may open anything there is none, and they are many.
    SELECT h.run, h.bound, h.holder, h.starts, h.ends, k.system, k.resource_group
    FROM by_somebody('held') h JOIN catalogue k USING (run, atom) SEMI JOIN (FROM run WHERE sees_every_credential) USING (run)
    WHERE h.level = 'permissions'
), reached AS (
    SELECT DISTINCT g.run, g.bound, g.holder, 'system' AS reach, k.atom, k.weight, g.starts, g.ends
    FROM granting g JOIN catalogue k USING (run, system)
    UNION ALL
    SELECT DISTINCT g.run, g.bound, g.holder, 'group', k.atom, k.weight, g.starts, g.ends
    FROM granting g JOIN catalogue k USING (run, system, resource_group)
), own AS (
    -- What is certainly held beside what may be reached at most.
    SELECT DISTINCT x.run, x.bound, x.holder, x.reach, h.atom, h.weight, h.starts, h.ends
    FROM held h
    JOIN (SELECT DISTINCT run, bound, holder, reach, atom FROM reached) x
        ON x.run = h.run AND x.holder = h.holder AND x.atom = h.atom
       AND h.bound = CASE x.bound WHEN 'hi' THEN 'lo' ELSE x.bound END
), combined AS (
    -- What is reached and not held is as long as both together less what is held.
    SELECT *, 1 AS sign FROM reached
    UNION ALL
    SELECT *, 1 FROM own
    UNION ALL
    SELECT *, -1 FROM own
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY run, bound, holder, reach, atom, sign ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM combined
), totals AS (
    SELECT run, bound, reach, count(*) FILTER (sign = 1 AND (starts IS NULL OR ends IS NULL)) AS unknowns,
           sum(sign * weight * greatest(0, epoch_us(ends) - epoch_us(greatest(starts, covered)))::HUGEINT) AS weighted
    FROM marked GROUP BY run, bound, reach
), valued AS (
    SELECT r.run, g.reach, d.bound, r.sees_credentials AND r.sees_scope AS seen, coalesce(t.unknowns, 0) + coalesce(u.credentials, 0) + d.unsure AS unknowns,
           CASE WHEN r.sees_every_credential AND u.run IS NULL AND coalesce(t.unknowns, 0) = 0
                THEN permission_hours(coalesce(t.weighted, 0)) / d.days END AS value
    FROM run r
    JOIN agent_days d USING (run)
    CROSS JOIN (SELECT unnest(['group', 'system']) AS reach) g
    LEFT JOIN totals t ON t.run = r.run AND t.reach = g.reach AND t.bound = d.bound
    LEFT JOIN unscoped u ON u.run = r.run
    WHERE d.bound <> 'lo'
)
SELECT run, reach, CASE WHEN seen THEN 0 END AS lo, CASE WHEN seen THEN value END AS hi, unknowns
FROM valued ORDER BY run, reach
