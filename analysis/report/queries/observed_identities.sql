-- Who acts in a log (search_path log), the busiest first; $most of them.
SELECT p.name, p.kind, count(*) AS events, count(DISTINCT e.credential) AS credentials,
       count(*) FILTER (e.decision = 'deny') AS refused, min(e.time) AS first_seen, max(e.time) AS last_seen,
       count(*) OVER () AS identities
FROM event e JOIN principal p ON p.run = e.run AND p.id = e.principal
GROUP BY p.id, p.name, p.kind
ORDER BY events DESC, p.name
LIMIT $most
