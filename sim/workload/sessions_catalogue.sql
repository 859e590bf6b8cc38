-- The atoms of a log, by number.
SELECT level::VARCHAR, resource_group, system, verifier, tier, resources, sensitivity, privilege FROM catalogue ORDER BY atom
