-- title: Used before detection
-- question: Of the compromises that yielded a credential, in how many was it used with success before anybody noticed?
-- unit: percent of compromises
-- grain: run
-- unfinished: a compromise that is not noticed by the end of the run was noticed after every use in it
-- evidence: truth
-- assumes: an attacker goes on until somebody notices, and no longer
-- counts: shares
-- source: first use against detection: honeytoken studies (67 to 127 s), Akeyless 2026 (14 h)
WITH first AS (
    SELECT i.run, i.id, i.detected, min(e.time) FILTER (s.allowed) AS used
    FROM incident i
    LEFT JOIN incident_step s ON s.run = i.run AND s.incident = i.id
    LEFT JOIN event e ON e.run = s.run AND e.id = s.event
    WHERE i.credentials > 0
    GROUP BY i.run, i.id, i.detected
), shares AS (
    SELECT run, count(*) FILTER (used < coalesce(detected, 'infinity'::TIMESTAMP)) AS hits, count(*) AS trials FROM first GROUP BY run
)
SELECT run, 100.0 * hits / trials AS lo, lo AS hi, 0 AS unknowns FROM shares ORDER BY run
