-- The assumptions that were varied in a comparison ($comparison), and those that could not be, in their order.
SELECT assumption, key, said, low, high, refusal
FROM fact.assumption
WHERE comparison = $comparison
ORDER BY assumption
