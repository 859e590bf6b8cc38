-- What was found at the ends of varied assumptions ($comparison), replicates in order.
SELECT assumption, ending, quantity, position, value, most
FROM fact.assumption_value
WHERE comparison = $comparison
ORDER BY assumption, ending, quantity, position, replicate
