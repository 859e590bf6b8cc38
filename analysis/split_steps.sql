-- The steps between the two control models of a comparison ($comparison), in their order.
SELECT step, kind, asked, changed, possible, refusal
FROM fact.split_step
WHERE comparison = $comparison
ORDER BY step
