-- Names of the identities whose calls are replayed, or who hold a credential, in the order of their numbers.
SELECT p.name
FROM (SELECT holder AS principal FROM credential UNION
      SELECT principal FROM event WHERE kind = 'use' AND decision = 'allow' AND atom IS NOT NULL AND credential IS NOT NULL) i
JOIN principal p ON p.id = i.principal
ORDER BY p.id
