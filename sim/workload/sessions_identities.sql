-- Who is replayed, numbered: whoever holds a credential, or used one for something known.
CREATE OR REPLACE TEMP VIEW replayed AS
SELECT principal, row_number() OVER (ORDER BY principal) - 1 AS agent
FROM (SELECT holder AS principal FROM credential UNION
      SELECT principal FROM bare_event WHERE kind = 'use' AND decision = 'allow' AND atom IS NOT NULL AND credential IS NOT NULL)
WHERE principal IS NOT NULL
