-- A profile that is another one with fields left out, and with faults; named by what it is, so that the same is the same.
INSERT INTO fact.log_profile BY NAME
SELECT * REPLACE (
           $name AS name,
           title || '; ' || $differences AS title,
           keeps_task AND $intent AS keeps_task,
           keeps_tool AND $tool_call AS keeps_tool,
           keeps_touch AND $data_touch AS keeps_touch,
           keeps_approval AND $approval_context AS keeps_approval,
           $dropped AS dropped, $absent::VARCHAR[] AS absent, $skewed::VARCHAR[] AS skewed, $skew AS skew,
           whole AND $dropped = 0 AND $skew = 0 AND len($absent::VARCHAR[]) = 0 AS whole)
FROM fact.log_profile
WHERE name = $profile
ON CONFLICT DO NOTHING;
