-- What was found when assumptions of one comparison ($comparison) were varied.

DELETE FROM fact.assumption_value WHERE comparison = $comparison;
DELETE FROM fact.assumption WHERE comparison = $comparison;
