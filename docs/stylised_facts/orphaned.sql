-- title: Orphaned identities
-- question: Which share of identities does nobody answer for?
-- unit: percent of identities
-- grain: run
-- unfinished: as of the window's end
-- assumes: agents at work and those abandoned whose access is still there; what share never had an owner is put in
-- source: held-out figure of docs/stylised_facts.md, Orchid 2026
SELECT r.run, 100.0 * count(DISTINCT u.principal) / count(DISTINCT t.principal) AS lo, lo AS hi, 0 AS unknowns
FROM run r
JOIN there t ON t.run = r.run AND t.principal IS NOT NULL AND t.starts < r.t1 AND t.ends >= r.t1
LEFT JOIN unanswered u ON u.run = r.run AND u.principal = t.principal AND u.bound <> 'lo' AND u.starts < r.t1 AND u.ends >= r.t1
GROUP BY r.run ORDER BY r.run
