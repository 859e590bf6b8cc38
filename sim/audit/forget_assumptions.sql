-- What was found when assumptions of one comparison ($comparison) were varied, alone and together.

DELETE FROM fact.turning WHERE comparison = $comparison;
DELETE FROM fact.draw_value WHERE comparison = $comparison;
DELETE FROM fact.assumption_draw WHERE comparison = $comparison;
DELETE FROM fact.assumption_value WHERE comparison = $comparison;
DELETE FROM fact.assumption WHERE comparison = $comparison;
