-- What a log (search_path log) is about, in numbers. Identities are those that access is measured for: who holds a
-- credential; beside them somebody unknown where it is not known who does.
SELECT count(*) AS events,
       (SELECT count(principal) FROM identity) AS identities,
       (SELECT count(*) - count(principal) FROM identity) AS unknown_identities,
       (SELECT count(*) FROM credential) AS credentials,
       -- What only services used, on somebody's behalf: the holder never had it in hand, as far as the log shows.
       (SELECT count(*) FROM (SELECT credential FROM bare_event
                              WHERE credential IS NOT NULL AND kind IN ('use', 'issue', 'assume', 'revoke') AND decision = 'allow'
                              GROUP BY run, credential HAVING bool_and(invoked_by IS NOT NULL))) AS used_by_services,
       count(*) FILTER (kind = 'use') AS uses,
       count(*) FILTER (principal IS NULL) AS without_actor,
       count(*) FILTER (kind = 'use' AND credential IS NULL) AS uses_without_credential
FROM bare_event
