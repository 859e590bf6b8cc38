-- Identities that access is measured for in a log (search_path log), the busiest first; $most of them.
WITH acted AS (
    SELECT e.run, e.principal, count(*) AS events, count(*) FILTER (e.decision = 'deny') AS refused,
           count(*) FILTER (e.decision = 'allow' AND is_jewel(k.tier, k.level)) AS jewels,
           min(e.time) AS first_seen, max(e.time) AS last_seen
    FROM bare_event e LEFT JOIN catalogue k USING (run, atom)
    GROUP BY e.run, e.principal
), holding AS (
    SELECT run, holder AS principal, count(*) AS credentials FROM credential GROUP BY run, holder
)
SELECT p.name, p.kind, coalesce(h.credentials, 0) AS credentials, coalesce(a.events, 0) AS events,
       coalesce(a.refused, 0) AS refused, coalesce(a.jewels, 0) AS jewels, a.first_seen, a.last_seen,
       count(*) OVER () AS identities
FROM identity i
JOIN principal p ON p.run = i.run AND p.id = i.principal
LEFT JOIN acted a ON a.run = i.run AND a.principal = i.principal
LEFT JOIN holding h ON h.run = i.run AND h.principal = i.principal
ORDER BY events DESC, p.name
LIMIT $most
