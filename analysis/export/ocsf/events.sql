-- An event for each call (API Activity), for each session given or ended (Authentication), and for each key (Account Change).
-- The variable `with_agents` says whether there is an object for agents and their delegations.
--
-- Source: OCSF schema 1.8 and 1.9: classes API Activity 6003, Authentication 3002, Account Change 3001; objects actor, user,
-- session, ai_agent, delegation; profiles datetime, security_control, ai_operation.

CREATE TEMP MACRO millis(moment) AS epoch_us(moment) // 1000;
CREATE TEMP MACRO instant_of(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S.%fZ');
CREATE TEMP MACRO user_of(name, kind) AS
    CASE WHEN name IS NOT NULL THEN {
        uid: name, type_id: CASE kind::VARCHAR WHEN 'human' THEN 1 WHEN 'service' THEN 4 ELSE 99 END,
        type: CASE kind::VARCHAR WHEN 'human' THEN 'User' WHEN 'service' THEN 'Service' ELSE kind::VARCHAR END} END;
CREATE TEMP MACRO is_ip(origin) AS regexp_matches(origin, '^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}$');
CREATE TEMP MACRO is_host(origin) AS regexp_matches(origin, '^[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9][A-Za-z0-9-]*)+$') AND NOT is_ip(origin);

-- What the log says of a credential where it was issued; who holds one that ends by itself has a session, else a key.
CREATE TEMP TABLE issue_of AS
SELECT c.id, p.name AS issuer, h.name AS holder, h.kind AS holder_kind, i.since, i.until,
       c.kind IN ('static_key', 'access_key') AND coalesce(isinf(i.until), true) AS is_key
FROM credential c
LEFT JOIN party p ON p.id = c.issuer
LEFT JOIN party h ON h.id = c.holder
LEFT JOIN (SELECT issued, min(time) AS since, max(expires) AS until FROM bare_event WHERE kind IN ('issue', 'renew', 'assume') GROUP BY issued) i ON i.issued = c.id;

CREATE TEMP VIEW carried AS
SELECT s.*, s.read_through IS NOT DISTINCT FROM 'ocsf' AS from_ocsf,
       CASE WHEN s.is_earlier THEN 'it happened before the run began'
            WHEN s.kind NOT IN ('use', 'issue', 'renew', 'assume', 'revoke') THEN 'no class of OCSF tells of it'
            WHEN s.verifier IS NOT NULL AND s.kind = 'revoke' THEN 'it is of one verifier alone, and a logoff holds everywhere' END AS left_out,
       CASE WHEN s.kind = 'use' OR s.issued IS NULL THEN 6003 WHEN i.is_key THEN 3001 ELSE 3002 END AS class,
       CASE WHEN class = 3002 THEN CASE WHEN s.kind = 'revoke' THEN 2 ELSE 1 END WHEN class = 3001 THEN 99
            WHEN s.level IN ('list', 'read') THEN 2 WHEN s.level IS NULL THEN 99 ELSE 3 END AS activity,
       CASE WHEN class = 3002 THEN CASE WHEN s.kind = 'revoke' THEN 'Logoff' ELSE 'Logon' END WHEN class = 3001 THEN s.kind::VARCHAR
            WHEN activity = 2 THEN 'Read' WHEN activity = 3 THEN 'Update' ELSE coalesce(s.operation, 'Other') END AS activity_name,
       coalesce(getvariable('with_agents') AND s.principal_kind IN ('agent', 'agent_instance'), false) AS by_agent,
       -- Whoever is given a session does not yet present it.
       class = 3002 AND s.credential IS NOT DISTINCT FROM s.issued AND s.decision IS DISTINCT FROM 'deny' AS is_given,
       coalesce(s.presented_from, CASE WHEN NOT isinf(u.since) THEN u.since END) AS since,
       nullif(coalesce(s.presented_to, u.until), 'infinity'::TIMESTAMP) AS until,
       -- A session is told with its credential only: alone it would be taken for that.
       CASE WHEN s.credential IS NOT NULL THEN s.session_name END AS told_session,
       u.issuer, i.holder, i.holder_kind, f.parent AS cut_from,
       CASE WHEN from_ocsf THEN nullif(s.error, 'Failure') WHEN s.decision <> 'deny' OR s.decision IS NULL OR s.reason IS NULL THEN NULL
            WHEN s.reason = 'expired' THEN 'ExpiredToken' WHEN s.reason = 'throttled' THEN 'ThrottlingException' WHEN s.reason NOT IN ('revoked', 'binding', 'deleted') THEN 'AccessDenied' END AS code
FROM said s
LEFT JOIN issue_of u ON u.id = s.credential
LEFT JOIN issue_of i ON i.id = s.issued
LEFT JOIN cut_from f ON f.child = s.credential;

-- What is null is not written, and nothing is written of which nothing is left.
CREATE TEMP VIEW record AS
SELECT json_merge_patch('{}', to_json({
           class_uid: e.class, class_name: CASE e.class WHEN 6003 THEN 'API Activity' WHEN 3002 THEN 'Authentication' ELSE 'Account Change' END,
           category_uid: e.class // 1000, activity_id: e.activity, activity_name: e.activity_name, type_uid: e.class * 100 + e.activity,
           severity_id: 1, time: millis(e.time), time_dt: instant_of(e.time), duration: e.duration // 1000,
           metadata: {uid: e.event_name, version: CASE WHEN getvariable('with_agents') THEN '1.9.0' ELSE '1.8.0' END,
                      product: {name: 'outlive', vendor_name: 'outlive'},
                      profiles: ['datetime', 'security_control'] || CASE WHEN getvariable('with_agents') THEN ['ai_operation'] ELSE [] END},
           status_id: CASE WHEN e.decision = 'allow' OR (e.kind <> 'use' AND e.decision IS NULL) THEN 1 WHEN e.decision = 'deny' OR (e.from_ocsf AND e.error IS NOT NULL) THEN 2 ELSE 0 END,
           action_id: CASE e.decision::VARCHAR WHEN 'deny' THEN 2 WHEN 'allow' THEN 1 END,
           status_code: e.code,
           -- The code that was read is kept; what it meant another one may have said.
           status_detail: CASE WHEN e.from_ocsf AND e.decision = 'deny' THEN CASE e.reason::VARCHAR WHEN 'out_of_scope' THEN 'AccessDenied' WHEN 'expired' THEN 'ExpiredToken' WHEN 'throttled' THEN 'ThrottlingException' END END,
           message: CASE WHEN NOT e.from_ocsf THEN e.error END,
           actor: CASE WHEN e.class = 6003 OR e.principal IS NOT NULL OR e.credential IS NOT NULL THEN {
               user: CASE WHEN NOT e.by_agent THEN user_of(e.principal_name, e.principal_kind) END,
               session: CASE WHEN e.credential IS NOT NULL AND (NOT e.by_agent OR e.told_session IS NOT NULL) THEN {
                   uid: e.told_session, credential_uid: CASE WHEN NOT e.by_agent THEN e.credential_name END,
                   created_time: CASE WHEN NOT e.by_agent THEN millis(e.since) END, created_time_dt: CASE WHEN NOT e.by_agent THEN instant_of(e.since) END,
                   expiration_time: CASE WHEN NOT e.by_agent THEN millis(e.until) END, expiration_time_dt: CASE WHEN NOT e.by_agent THEN instant_of(e.until) END,
                   issuer: CASE WHEN NOT e.by_agent THEN coalesce(e.principal_role, e.issuer) END} END,
               invoked_by: CASE WHEN e.principal IS NOT NULL THEN e.invoked_by END,
               -- An event has an actor; of nobody it says that much.
               process: CASE WHEN e.by_agent AND e.invoked_by IS NULL AND e.told_session IS NULL THEN {uid: e.principal_name}
                             WHEN e.principal IS NULL AND e.credential IS NULL THEN {uid: 'unknown'} END} END,
           ai_agent: CASE WHEN e.by_agent THEN {uid: e.principal_name, type_id: 0} END,
           delegation: CASE WHEN e.by_agent AND e.credential IS NOT NULL THEN {
               uid: e.credential_name, parent_uid: e.cut_from, issuer_uid: e.issuer, created_time: millis(e.since), created_time_dt: instant_of(e.since),
               expiration_time: millis(e.until), expiration_time_dt: instant_of(e.until)} END,
           user: CASE WHEN e.class = 6003 THEN NULL WHEN e.class = 3001 THEN json_merge_patch(
                     to_json(coalesce(user_of(e.target_name, e.target_kind), user_of(e.holder, e.holder_kind), user_of(e.principal_name, e.principal_kind), user_of('unknown', NULL))),
                     to_json({programmatic_credentials: [{uid: e.issued_name}]}))
                 ELSE to_json(coalesce(user_of(e.target_name, e.target_kind), user_of(e.holder, e.holder_kind), user_of(e.principal_name, e.principal_kind), user_of('unknown', NULL))) END,
           session: CASE WHEN e.class = 3002 THEN {
               uid: e.issued_name, created_time: CASE WHEN e.kind <> 'revoke' THEN millis(e.time) END, created_time_dt: CASE WHEN e.kind <> 'revoke' THEN instant_of(e.time) END,
               expiration_time: CASE WHEN NOT isinf(e.expires) THEN millis(e.expires) END, expiration_time_dt: CASE WHEN NOT isinf(e.expires) THEN instant_of(e.expires) END,
               expiration_reason: CASE WHEN e.kind = 'revoke' THEN e.reason::VARCHAR END} END,
           service: CASE WHEN e.class = 3002 THEN {name: coalesce(e.principal_name, 'unknown')} END,
           api: CASE WHEN e.class = 6003 THEN {
               operation: coalesce(e.operation, e.level::VARCHAR, 'call'), service: CASE WHEN e.resource_group IS NOT NULL THEN {name: e.resource_group} END,
               request: CASE WHEN e.request_id IS NOT NULL THEN {uid: e.request_id, data: CASE WHEN e.args IS NOT NULL THEN {arguments: e.args::VARCHAR} END} END} END,
           resources: CASE WHEN e.class = 6003 AND e.resource_name IS NOT NULL AND e.resource_group IS NOT NULL THEN [{uid: e.resource_name, type: e.resource_group}] END,
           src_endpoint: CASE WHEN e.class = 6003 OR e.origin IS NOT NULL THEN {
               ip: CASE WHEN is_ip(e.origin) THEN e.origin END, hostname: CASE WHEN is_host(e.origin) THEN e.origin END,
               name: CASE WHEN e.origin IS NULL THEN 'unknown' WHEN NOT is_ip(e.origin) AND NOT is_host(e.origin) THEN e.origin END} END,
           http_request: CASE WHEN e.user_agent IS NOT NULL THEN {user_agent: e.user_agent} END,
           unmapped: {task: e.task_name, intent: e.intent, action: e.action_name, approval: e.approval_name, requested: instant_of(e.requested),
                      arguments: e.args::VARCHAR, reason: e.reason::VARCHAR}
       }))::VARCHAR AS line
FROM carried e
WHERE e.left_out IS NULL
ORDER BY e.time, e.id;
