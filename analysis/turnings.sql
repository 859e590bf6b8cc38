-- Where differences of a comparison ($comparison) lose their signs, on the way to the ends of assumptions.
SELECT assumption, quantity, ending, kept, lost, mean_kept, mean_lost
FROM fact.turning
WHERE comparison = $comparison
