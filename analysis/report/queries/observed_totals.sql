-- What a log (search_path log) is about, in numbers.
SELECT count(*) AS events,
       count(DISTINCT principal) FILTER (kind = 'use' AND decision = 'allow') AS identities,
       count(DISTINCT credential) FILTER (kind = 'use' AND decision = 'allow') AS credentials,
       count(*) FILTER (principal IS NULL) AS without_actor,
       count(*) FILTER (kind = 'use' AND credential IS NULL) AS uses_without_credential
FROM event
