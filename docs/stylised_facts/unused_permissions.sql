-- title: Unused permissions
-- question: Which share of what static keys permit was not used in the window?
-- unit: percent of permissions held
-- grain: run, counted
-- unfinished: what is used only after the window counts as unused
-- evidence: truth
-- assumes: a permission is an access level on a group of resources (kinds), or on each single resource of it (resources); uses are those of tasks, an attacker's are not
-- source: cloud permissions reports: permissions granted and never used, over permissions granted
WITH held AS (
    SELECT c.run, c.id AS credential, s.atom, k.resources
    FROM credential c
    JOIN scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set AND s.effect = 'allow'
    JOIN catalogue k ON k.run = c.run AND k.atom = s.atom
    WHERE c.kind = 'static_key'
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
