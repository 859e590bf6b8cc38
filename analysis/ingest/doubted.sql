-- The profile of a log like $profile of which something was refused: from what is not there nothing follows.
INSERT INTO fact.log_profile BY NAME
SELECT * REPLACE ($name AS name, title || '; some of it was refused, or may lie in a file that was not read' AS title,
                  false AS keeps_history, false AS revocations_complete, false AS whole)
FROM fact.log_profile
WHERE name = $profile
ON CONFLICT DO NOTHING;
