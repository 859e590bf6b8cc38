-- title: Permit under attack
-- question: How likely does the model's own issuer grant what an attacker with the identity asks for?
-- unit: percent of single requests
-- grain: run, atoms
-- unfinished: nothing is
-- assumes: the greatest chance of any grant open to any identity in the window, a human's who waves requests through included; 0 where nothing is granted, as under a standing key. Whoever retries gets through sooner or later unless it is 0
-- source: obtainable authority: the probability of a permit under attack, printed beside it
WITH chances AS (
    SELECT run, atoms, max(permit_under_attack) / 10.0 AS percent
    FROM (SELECT run, permit_under_attack, unnest(CASE WHEN tier = 3 AND level IN ('write', 'permissions')
                                                       THEN ['crown_jewels', 'any'] ELSE ['any'] END) AS atoms
          FROM grantable WHERE NOT by_owner)
    GROUP BY run, atoms
)
SELECT r.run, g.atoms, CASE WHEN r.sees_scope THEN coalesce(c.percent, 0) END AS lo, lo AS hi,
       CASE WHEN r.sees_scope THEN 0 ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['crown_jewels', 'any']) AS atoms) g
LEFT JOIN chances c ON c.run = r.run AND c.atoms = g.atoms
ORDER BY r.run, g.atoms
