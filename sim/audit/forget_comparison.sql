-- One comparison ($comparison); its runs stay.

DELETE FROM fact.comparison_run WHERE comparison = $comparison;
DELETE FROM fact.comparison WHERE id = $comparison;
