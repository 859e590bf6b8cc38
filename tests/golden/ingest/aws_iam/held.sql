-- What each identity holds for certain, and at most, with when that is proven; of very many atoms only how many.
SELECT p.name, p.kind, p.active_from AS made, min(a.valid_from) AS proven_from, min(a.valid_to) AS proven_until,
       count(k.atom) FILTER (NOT s.conditional) AS certain, count(k.atom) FILTER (s.conditional) AS most,
       CASE WHEN certain < 20 THEN string_agg(k.resource_group || ' ' || k.level, ', ' ORDER BY k.atom) FILTER (NOT s.conditional) END AS certainly,
       CASE WHEN most < 20 THEN string_agg(k.resource_group || ' ' || k.level, ', ' ORDER BY k.atom) FILTER (s.conditional) END AS at_most
FROM log.assignment a
JOIN log.principal p ON p.run = a.run AND p.id = a.principal
LEFT JOIN log.scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set
LEFT JOIN log.catalogue k ON k.run = a.run AND k.atom = s.atom
GROUP BY ALL ORDER BY p.name
