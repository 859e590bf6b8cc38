-- Who acts in a log (search_path log) without a credential that it names, the busiest first; $most of them.
SELECT p.name, p.kind, count(*) AS events, count(*) FILTER (e.decision = 'deny') AS refused,
       count(*) FILTER (e.decision = 'allow' AND is_jewel(k.tier, k.level)) AS jewels,
       min(e.time) AS first_seen, max(e.time) AS last_seen, count(*) OVER () AS others
FROM bare_event e
JOIN principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN catalogue k ON k.run = e.run AND k.atom = e.atom
WHERE NOT EXISTS (FROM identity i WHERE i.run = p.run AND i.principal = p.id)
GROUP BY p.id, p.name, p.kind
ORDER BY events DESC, p.name
LIMIT $most
