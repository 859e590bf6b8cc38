-- What was found in the joint draws of a comparison ($comparison), replicates in order.
SELECT draw, quantity, position, value, most
FROM fact.draw_value
WHERE comparison = $comparison
ORDER BY draw, quantity, position, replicate
