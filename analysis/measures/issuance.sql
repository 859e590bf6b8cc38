-- title: Load on issuers
-- question: How many credentials are issued and renewed?
-- unit: credentials per agent-day
-- grain: run, kind
-- unfinished: nothing is
-- assumes: issues and renewals logged inside the window
-- source: friction of control: issuances as load on the issuer
WITH counts AS (
    SELECT e.run, CASE e.kind WHEN 'renew' THEN 'renewed' ELSE 'issued' END AS kind, count(DISTINCT e.issued) AS credentials
    FROM event e JOIN run r USING (run)
    WHERE e.kind IN ('issue', 'renew', 'assume') AND e.issued IS NOT NULL AND e.time >= r.t0 AND e.time < r.t1
    GROUP BY ALL
)
SELECT r.run, g.kind,
       proven(CASE WHEN r.sees_credentials THEN coalesce(c.credentials, 0) / d.days END, d.bound) AS lo,
       -- What is lost may have been an issue.
       at_most(CASE WHEN r.sees_credentials AND r.sees_every_event THEN coalesce(c.credentials, 0) / d.days END, d.bound) AS hi,
       CASE WHEN any_value(r.sees_credentials AND r.sees_every_event) THEN 0 ELSE 1 END AS unknowns
FROM run r
CROSS JOIN (SELECT unnest(['issued', 'renewed']) AS kind) g
JOIN agent_days d USING (run)
LEFT JOIN counts c ON c.run = r.run AND c.kind = g.kind
GROUP BY r.run, g.kind ORDER BY r.run, g.kind
