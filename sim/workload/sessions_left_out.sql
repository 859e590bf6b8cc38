-- Calls that are not replayed: refused, or under no credential, by nobody, or on nothing that is known.
SELECT count(*) FILTER (decision = 'deny'), count(*) FILTER (decision IS DISTINCT FROM 'deny' AND (
           decision IS NULL OR credential IS NULL OR principal IS NULL OR atom IS NULL))
FROM bare_event WHERE kind = 'use'
