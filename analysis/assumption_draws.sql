-- Where each assumption lay in the joint draws of a comparison ($comparison), draws in order.
SELECT a.key, d.place, d.value
FROM fact.assumption_draw d
JOIN fact.assumption a USING (comparison, assumption)
WHERE d.comparison = $comparison
ORDER BY d.assumption, d.draw
