-- What was touched, and what it is declared to be worth.
SELECT level, resource_group, tier, sensitivity, privilege, weight, resources FROM log.catalogue ORDER BY atom;
