-- One flat row an event, with the columns of docs/interchange.md in their order.
--
-- `carried`: the events that the form can tell, and of the others why it cannot.

CREATE TEMP VIEW carried AS
SELECT *, CASE WHEN is_earlier THEN 'it happened before the run began'
               WHEN kind = 'task_end' AND (reason IS NULL OR reason NOT IN ('completed', 'broken', 'parent_ended'))
                    THEN 'it ends a task and does not say how, which the form demands'
               WHEN verifier IS NOT NULL THEN 'it is of one verifier alone, and the form knows only revocations that hold everywhere' END AS left_out
FROM said;

-- What the log keeps, as far as the form keeps it too: where revocations or what went before are left out, neither is claimed. Nor
-- is what single events contradict, because whoever reads the rows would not believe it.
CREATE TEMP VIEW claim AS
WITH told AS (
    SELECT coalesce(bool_or(left_out IS NOT NULL AND kind = 'revoke'), false) AS no_revocations,
           coalesce(bool_or(is_earlier), false) AS later,
           coalesce(bool_or(left_out IS NULL AND kind = 'use' AND decision = 'allow' AND (action IS NULL OR requested IS NULL)), false) AS no_action,
           coalesce(bool_or(left_out IS NULL AND kind = 'use' AND decision = 'allow' AND atom IS NULL), false) AS no_touch,
           coalesce(bool_or(left_out IS NULL AND kind = 'use' AND decision = 'allow' AND duration IS NULL), false) AS no_duration,
           coalesce(bool_or(left_out IS NULL AND kind IN ('issue', 'renew', 'revoke') AND issued IS NULL), false) AS no_credential
    FROM carried
)
SELECT p.keeps_task AS task, p.keeps_action AND NOT no_action AS action, p.keeps_credential AND NOT no_credential AS credential,
       p.keeps_touch AND NOT no_touch AS touch, p.keeps_duration AND NOT no_duration AS duration,
       p.revocations_complete AND NOT no_revocations AS revocations,
       concat_ws(' ', CASE WHEN task THEN 'task' END, CASE WHEN action THEN 'action' END, CASE WHEN credential THEN 'credential' END,
                 CASE WHEN keeps_expiry THEN 'expiry' END, CASE WHEN keeps_tool THEN 'tool' END, CASE WHEN touch THEN 'touch' END,
                 CASE WHEN duration THEN 'duration' END, CASE WHEN keeps_approval THEN 'approval' END,
                 CASE WHEN revocations THEN 'revocations' END, CASE WHEN keeps_history AND NOT later THEN 'every_credential' END,
                 CASE WHEN whole AND every_use THEN 'every_event' END,
                 array_to_string(list_filter(p.kinds::VARCHAR[], lambda kind: kind <> 'revoke' OR NOT no_revocations), ' ')) AS keeps
FROM fact.log_profile p JOIN run r ON r.profile = p.name CROSS JOIN told;

CREATE TEMP VIEW record AS
SELECT time, kind::VARCHAR AS kind, coalesce(operation, kind::VARCHAR) AS operation, event_name AS id, NULL::INTEGER AS stage,
       principal_name AS principal, principal_kind::VARCHAR AS principal_kind, principal_role,
       target_name AS target, target_kind::VARCHAR AS target_kind, target_role,
       credential_name AS credential, CASE WHEN credential IS NOT NULL THEN presented_kind::VARCHAR END AS credential_kind,
       CASE WHEN credential IS NOT NULL THEN presented_from END AS credential_since,
       CASE WHEN credential IS NOT NULL THEN presented_to END AS credential_until, d.parent AS credential_parent,
       issued_name AS issued, CASE WHEN issued IS NOT NULL THEN c.credential_kind::VARCHAR END AS issued_kind,
       CASE WHEN issued IS NOT NULL THEN expires END AS issued_until, CASE WHEN issued IS NOT NULL THEN resolved::VARCHAR END AS issued_resolved,
       CASE WHEN issued IS NOT NULL THEN binding::VARCHAR END AS issued_binding, CASE WHEN issued IS NOT NULL THEN enforced END AS issued_enforced,
       session_name AS session, task_name AS task, CASE WHEN task IS NOT NULL THEN parent_task_name END AS parent_task, action_name AS action,
       requested, (duration / 1000000)::DECIMAL(18, 6) AS duration_s, approval_name AS approval,
       CASE WHEN resource_group IS NOT NULL THEN resource_name END AS resource, resource_group, level::VARCHAR AS level, tier,
       (sensitivity / 1000)::DECIMAL(9, 3) AS sensitivity, (privilege / 1000)::DECIMAL(9, 3) AS privilege,
       args::VARCHAR AS args, decision::VARCHAR AS decision, reason::VARCHAR AS reason, error, origin, user_agent, request_id, invoked_by, keeps
FROM carried c CROSS JOIN (SELECT keeps FROM claim) LEFT JOIN cut_from d ON d.child = c.credential
WHERE left_out IS NULL
ORDER BY c.time, c.id;
