-- A log profile that is what records claim of their log; named by what it is, so that the same is the same.
INSERT INTO fact.log_profile BY NAME
SELECT $name AS name, $title AS title, $kinds::event_kind[] AS kinds,
       $keeps_task AS keeps_task, $keeps_action AS keeps_action, $keeps_credential AS keeps_credential, $keeps_expiry AS keeps_expiry,
       false AS keeps_scope, $keeps_tool AS keeps_tool, $keeps_touch AS keeps_touch, $keeps_duration AS keeps_duration,
       $keeps_approval AS keeps_approval, $keeps_history AS keeps_history, false AS keeps_queue, $revocations_complete AS revocations_complete,
       0 AS dropped, []::VARCHAR[] AS absent, []::VARCHAR[] AS skewed, 0 AS skew, $whole AS whole, true AS every_use
ON CONFLICT DO NOTHING;
