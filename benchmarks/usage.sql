-- Who used which resource, how often, since when and until when.
SELECT principal, resource, count(*) AS uses, min(time) AS first_use, max(time) AS last_use
FROM bare_event
WHERE kind = 'use' AND decision = 'allow' AND resource IS NOT NULL
GROUP BY principal, resource
ORDER BY principal, resource
