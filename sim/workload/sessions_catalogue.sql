-- The atoms of a log, by number. What is not known to be reversible is taken for what is not.
SELECT level::VARCHAR, resource_group, system, verifier, tier, resources, sensitivity, privilege,
       coalesce(reversible, false) AS reversible FROM catalogue ORDER BY atom
