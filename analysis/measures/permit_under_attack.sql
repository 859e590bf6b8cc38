-- title: Permit under attack
-- question: How likely does the model's own issuer grant what an attacker with the identity asks for?
-- unit: percent
-- grain: run, atoms, requests
-- unfinished: nothing is
-- assumes: the greatest chance of any grant open to any identity in the window, a human's who waves requests through included; no value where nobody can ask for anything, as under a standing key, because whoever has what is held need not ask: that is no mark of a model, and is in crown_jewel_hours and blast_radius; it is 0 where one can ask and is refused. one: of single requests; retried: that one of as many for the same thing is granted as whoever hijacks an agent makes attempts in the scenario. What passes no enforcement point and what a human does not look at is drawn anew each time, what a decision point sees as its answers persist
-- source: obtainable authority: the probability of a permit under attack, printed beside it; retries: mixture of binomials over a Beta law (Skellam 1948)
WITH chances AS (
    SELECT run, atoms, max(permit_under_attack) / 10.0 AS one, max(permit_in_tries) / 10.0 AS retried
    FROM (SELECT run, permit_under_attack, permit_in_tries,
                 unnest(CASE WHEN is_jewel(tier, level) THEN ['crown_jewels', 'any'] ELSE ['any'] END) AS atoms
          FROM grantable WHERE NOT by_owner)
    GROUP BY run, atoms
)
SELECT r.run, g.atoms, q.requests,
       CASE WHEN g.told AND g.asked THEN coalesce(CASE q.requests WHEN 'one' THEN c.one ELSE c.retried END, 0) END AS lo, lo AS hi,
       CASE WHEN g.told THEN 0 ELSE 1 END AS unknowns
FROM run r
-- Who may have what for the asking a snapshot of a real issuer tells, and not what else that asks of requests.
JOIN (SELECT run, sees_scope AND kind <> 'ingested' AS told, run IN (SELECT run FROM chances) AS asked, unnest(['crown_jewels', 'any']) AS atoms FROM run) g USING (run)
CROSS JOIN (SELECT unnest(['one', 'retried']) AS requests) q
LEFT JOIN chances c ON c.run = r.run AND c.atoms = g.atoms
ORDER BY r.run, g.atoms, q.requests
