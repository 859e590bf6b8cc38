-- The split of one comparison ($comparison); its runs stay.

DELETE FROM fact.split_run WHERE comparison = $comparison;
DELETE FROM fact.split_step WHERE comparison = $comparison;
