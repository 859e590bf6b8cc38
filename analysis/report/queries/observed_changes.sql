-- Who changed crown jewels in a log (search_path log): accepted calls that write to a tier-3 group or change permissions on
-- it, the busiest first; `holds`: whether access is measured for that identity, because it holds a credential, or the log shows none.
SELECT p.name, i.principal IS NOT NULL AS holds, count(*) AS calls
FROM bare_event e
JOIN catalogue k USING (run, atom)
LEFT JOIN principal p ON p.run = e.run AND p.id = e.principal
LEFT JOIN identity i ON i.run = e.run AND i.principal = e.principal
WHERE is_jewel(k.tier, k.level) AND e.decision = 'allow'
GROUP BY e.principal, p.name, i.principal
ORDER BY calls DESC, p.name
