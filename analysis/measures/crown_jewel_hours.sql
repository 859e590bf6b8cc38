-- title: Crown-jewel hours
-- question: For how long each day could an agent change a crown jewel while its task did not need to?
-- unit: hours per agent-day
-- grain: run, level
-- unfinished: whatever is still valid at the window's end is cut there
-- assumes: a crown jewel is a write or permissions atom of a tier-3 group; need is that of whole tasks; on a log, need is use, and a credential of unknown scope may hold everything at most and what it was used for at least; where the log names no task, need is at least each use and at most the span of one credential's uses
-- source: union over atoms of (reach of the atom outside need of that atom), unweighted; obtainable = held or mintable without an inspecting human
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE tier = 3 AND level IN ('write', 'permissions')
), reach AS (
    SELECT unnest(['held', 'obtainable']) AS level, run, holder AS principal, atom, bound, starts, ends
    FROM held SEMI JOIN jewel USING (run, atom)
    UNION ALL
    SELECT 'obtainable', run, principal, atom, bound, starts, ends FROM mintable SEMI JOIN jewel USING (run, atom)
), gap AS (
    -- Where a task does not need the atom: before the first stretch of need, between them, after the last.
    SELECT run, principal, atom, bound, lag(ends, 1, '-infinity'::TIMESTAMP) OVER (PARTITION BY run, principal, atom, bound ORDER BY starts) AS starts,
           starts AS ends
    FROM need_stretch SEMI JOIN jewel USING (run, atom) WHERE grain = 'task'
    UNION ALL
    SELECT run, principal, atom, bound, max(ends), 'infinity'::TIMESTAMP
    FROM need_stretch SEMI JOIN jewel USING (run, atom) WHERE grain = 'task' GROUP BY run, principal, atom, bound
), spans AS (
    SELECT v.level, v.run, v.principal, v.bound, greatest(v.starts, g.starts) AS starts, least(v.ends, g.ends) AS ends
    FROM reach v JOIN gap g USING (run, principal, atom, bound)
    WHERE g.starts < v.ends AND g.ends > v.starts
    UNION ALL
    SELECT v.level, v.run, v.principal, v.bound, v.starts, v.ends
    FROM reach v
    WHERE v.starts IS NULL OR v.ends IS NULL
       OR NOT EXISTS (FROM gap g WHERE g.run = v.run AND g.principal = v.principal AND g.atom = v.atom AND g.bound = v.bound)
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY level, run, principal, bound ORDER BY starts, ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans
), lengths AS (
    SELECT run, level, bound, count(*) FILTER (starts IS NULL OR ends IS NULL) AS unknowns,
           sum(greatest(0, epoch_us(ends) - epoch_us(greatest(starts, coalesce(covered, starts)))))::HUGEINT AS us
    FROM marked GROUP BY run, level, bound
), grid AS (
    SELECT run, level, bound, sees_credentials, sees_scope
    FROM run CROSS JOIN bounds CROSS JOIN (SELECT unnest(['held', 'obtainable']) AS level)
), hours AS (
    SELECT g.run, g.level, g.bound, coalesce(l.unknowns, 0) AS unknowns,
           -- Without entitlements nobody knows what could be minted: the upper end is open.
           CASE WHEN g.sees_credentials AND coalesce(l.unknowns, 0) = 0
                     AND (g.sees_scope OR g.bound = 'lo' OR g.level = 'held')
                THEN coalesce(l.us, 0) / 3.6e9 / d.days END AS value
    FROM grid g
    JOIN agent_days d USING (run)
    LEFT JOIN lengths l USING (run, level, bound)
)
SELECT run, level, max(value) FILTER (bound <> 'hi') AS lo, max(value) FILTER (bound <> 'lo') AS hi,
       sum(unknowns)::BIGINT AS unknowns
FROM hours GROUP BY run, level ORDER BY run, level
