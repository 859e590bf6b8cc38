-- A log profile that is another one, with an entitlement snapshot beside it.
INSERT INTO fact.log_profile BY NAME
SELECT * REPLACE ($name AS name, title || '; with an entitlement snapshot' AS title, true AS keeps_scope)
FROM fact.log_profile
WHERE name = $profile
ON CONFLICT DO NOTHING;
