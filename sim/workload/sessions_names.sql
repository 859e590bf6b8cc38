-- Names of the identities that are replayed, in the order of their numbers.
SELECT p.name FROM replayed i JOIN principal p ON p.id = i.principal ORDER BY i.agent
