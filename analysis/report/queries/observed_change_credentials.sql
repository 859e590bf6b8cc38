-- With what identities changed crown jewels in a log (search_path log), by kind, and until when that was valid at most.
WITH used AS (
    SELECT DISTINCT e.run, e.credential AS id
    FROM bare_event e
    JOIN catalogue k USING (run, atom)
    JOIN identity i ON i.run = e.run AND i.principal = e.principal
    WHERE is_jewel(k.tier, k.level) AND e.decision = 'allow' AND e.credential IS NOT NULL
)
SELECT c.kind, count(*) AS credentials, count(*) FILTER (c.to_hi = 'infinity') AS without_end,
       max(c.to_hi) FILTER (isfinite(c.to_hi)) AS until
FROM used u JOIN credential c USING (run, id)
GROUP BY c.kind
ORDER BY credentials DESC, c.kind
