-- title: Unused permissions
-- question: Which share of what static keys permit was not used in the window?
-- unit: percent of permissions held
-- grain: run, counted
-- unfinished: what is used only after the window counts as unused
-- evidence: truth
-- assumes: of keys that work at any time in the window; a permission is an access level on a group of resources (kinds), or on each single resource of it (resources); uses are those of tasks, an attacker's are not
-- source: cloud permissions reports: permissions granted and never used, over permissions granted
WITH held AS (
    SELECT DISTINCT h.run, h.credential, h.atom, k.resources
    FROM carried h
    JOIN credential c ON c.run = h.run AND c.id = h.credential AND c.kind = 'static_key'
    JOIN catalogue k ON k.run = h.run AND k.atom = h.atom
    WHERE h.bound <> 'lo'
), used AS (
    SELECT e.run, e.credential, e.atom, count(DISTINCT e.resource) AS resources
    FROM event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision = 'allow' AND e.task IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY e.run, e.credential, e.atom
), shares AS (
    SELECT h.run, 100.0 * (1 - count(u.atom) / count(*)) AS kinds,
           100.0 * (1 - coalesce(sum(u.resources), 0) / sum(h.resources)) AS resources
    FROM held h LEFT JOIN used u USING (run, credential, atom)
    GROUP BY h.run
)
SELECT run, counted, share AS lo, share AS hi, 0 AS unknowns
FROM (UNPIVOT shares ON kinds, resources INTO NAME counted VALUE share) ORDER BY run, counted
