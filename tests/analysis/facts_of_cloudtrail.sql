-- What an independent script counted in exports of CloudTrail, counted from the evidence; a column's name is a path in
-- its facts.json.
WITH event AS (
    SELECT e.*, p.name AS who, k.name AS key, split_part(e.operation, ':', 1) AS service,
           split_part(e.operation, ':', 2) AS name
    FROM log.event e
    LEFT JOIN log.principal p ON p.run = e.run AND p.id = e.principal
    LEFT JOIN fact.natural_key k ON k.run = e.run AND k.entity = 'credential' AND k.id = e.credential
), issue AS (
    SELECT issued AS id, time, expires FROM event WHERE service = 'sts' AND issued IS NOT NULL
), later AS (
    SELECT i.id, i.time, i.expires, count(u.id) AS uses, max(u.time) AS last_use
    FROM issue i LEFT JOIN event u ON u.credential = i.id AND u.time >= i.time
    GROUP BY ALL
)
SELECT
    count(*) AS "events",
    strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') AS "first_eventTime",
    strftime(max(time), '%Y-%m-%dT%H:%M:%SZ') AS "last_eventTime",
    count(DISTINCT who) FILTER (who LIKE 'arn:%') AS "distinct_userIdentity_arn",
    count(*) FILTER (coalesce(who, '') NOT LIKE 'arn:%') AS "events_without_arn",
    count(DISTINCT credential) AS "distinct_accessKeyId",
    count(*) FILTER (credential IS NOT NULL) AS "events_with_accessKeyId",
    count(DISTINCT credential) FILTER (key LIKE 'ASIA%') AS "temporary_keys_ASIA",
    count(DISTINCT session) AS "distinct_sessions_key_creationDate",
    count(*) FILTER (error IS NOT NULL) AS "error_events",
    count(*) FILTER (service = 'sts' AND expires IS NOT NULL) AS "sts_issue_with_expiration",
    (SELECT count(DISTINCT id) FROM issue) AS "issued_access_keys",
    (SELECT count(DISTINCT id) FROM later WHERE uses > 0) AS "issued_access_keys_later_seen_in_use",
    (SELECT count(DISTINCT id) FROM later) - (SELECT count(DISTINCT id) FROM later WHERE uses > 0)
        AS "credentials.issued_keys_never_used_in_log",
    count(*) FILTER (name = 'AssumeRole' AND error IS NOT NULL AND issued IS NULL)
        AS "lifecycle.assume_role.failed (issued nothing)"
FROM event;
