-- The same for what takes one event per id: facts.json dropped all but the first of those that share one.
WITH issue AS (
    SELECT issued AS id, time, expires FROM log.event WHERE operation LIKE 'sts:%' AND issued IS NOT NULL
), later AS (
    SELECT i.id, i.time, i.expires, count(u.id) AS uses, max(u.time) AS last_use
    FROM issue i LEFT JOIN log.event u ON u.credential = i.id AND u.time >= i.time
    GROUP BY ALL
), span AS (
    SELECT date_diff('second', min(time), max(time)) AS seconds FROM log.event WHERE credential IS NOT NULL GROUP BY credential
)
SELECT
    (SELECT map_from_entries(list((minutes::VARCHAR, issues) ORDER BY minutes))
     FROM (SELECT date_diff('minute', time, expires) AS minutes, count(*) AS issues FROM issue GROUP BY ALL))
        AS "credentials.granted_lifetime_minutes",
    (SELECT sum(uses) FROM later) AS "credentials.uses_of_issued_keys",
    (SELECT count(*) FROM later WHERE last_use > expires) AS "credentials.issued_keys_with_use_after_expiration",
    (SELECT sum(greatest(0, date_diff('second', coalesce(last_use, time), expires))) FROM later)
        AS "credentials.unused_lifetime_seconds_expiration_minus_last_use_or_issue",
    (SELECT max(seconds) FROM span) AS "credentials.access_key_first_to_last_use_seconds_max";
