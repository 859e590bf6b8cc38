-- Credentials that a log (search_path log) shows, by kind. Those that only services used on somebody's behalf are apart, and so are
-- those that are lent to services and that nobody is seen to use.
WITH issued AS (
    SELECT DISTINCT issued AS id FROM bare_event WHERE kind IN ('issue', 'renew', 'assume') AND issued IS NOT NULL
), used AS (
    SELECT credential AS id, bool_and(invoked_by IS NOT NULL) AS by_services FROM bare_event
    WHERE credential IS NOT NULL AND kind IN ('use', 'issue', 'assume', 'revoke') AND decision = 'allow'
    GROUP BY credential
), revoked AS (
    SELECT DISTINCT issued AS id FROM bare_event WHERE kind = 'revoke' AND issued IS NOT NULL
)
SELECT c.kind, count(*) AS seen, count(i.id) AS issued, count(*) FILTER (NOT u.by_services) AS used,
       count(*) FILTER (u.by_services) AS used_by_services,
       count(*) FILTER (i.id IS NOT NULL AND l.credential IS NULL AND u.id IS NULL) AS never_used_after_issue,
       count(*) FILTER (l.credential IS NOT NULL AND u.id IS NULL) AS unseen_with_services,
       count(*) FILTER (c.to_hi = 'infinity') AS without_end, count(r.id) AS revoked
FROM credential c
LEFT JOIN issued i ON i.id = c.id
LEFT JOIN used u ON u.id = c.id
LEFT JOIN lent_to_service l ON l.run = c.run AND l.credential = c.id
LEFT JOIN revoked r ON r.id = c.id
GROUP BY c.kind
ORDER BY seen DESC, c.kind
