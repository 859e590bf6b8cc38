-- A record for each call that a log shows, as AWS CloudTrail would have written it, had the call been one to AWS.
--
-- Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element" (event version 1.11).

-- What names of users and sessions may not hold is written as its bytes, so that two names stay two.
CREATE TEMP MACRO spelled(name) AS replace(replace(url_encode(name), '%', '='), '~', '=7E');
CREATE TEMP MACRO account_of(arn) AS coalesce(nullif(regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:(\d{12}):', 1), ''), '000000000000');
CREATE TEMP MACRO second_of(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%SZ');

-- A credential by its access key id: that of a key that does not end by itself, or of a session. Only of a session that AWS could
-- have granted is told when it began, because from that follows when it ends.
CREATE TEMP TABLE key_of AS
SELECT c.id, c.kind IN ('static_key', 'access_key') AND coalesce(isinf(i.expires), true) AS is_key,
       -- A trail says itself what its keys are; of others the name does.
       coalesce(r.kind = 'ingested' AND CASE WHEN split_part(r.profile, ',', 1) = 'cloudtrail' THEN NOT is_pseudonym(n.name)
                    WHEN c.kind = 'static_key' THEN starts_with(n.name, 'AKIA') WHEN c.kind = 'session_token' THEN starts_with(n.name, 'ASIA') END, false) AS is_own,
       CASE WHEN is_own THEN n.name WHEN is_key THEN 'AKIA' || to_base(c.id, 32, 16) ELSE 'ASIA' || to_base(c.id, 32, 16) END AS name,
       CASE WHEN NOT is_key AND NOT isinf(c.from_lo) AND c.to_hi <= c.from_lo + INTERVAL 12 HOURS THEN c.from_lo END AS created
FROM credential c
JOIN run r USING (run)
LEFT JOIN name_of n ON n.entity = 'credential' AND n.id = c.id
LEFT JOIN (SELECT issued, max(expires) AS expires FROM bare_event WHERE kind IN ('issue', 'renew', 'assume') GROUP BY issued) i ON i.issued = c.id;

-- Who holds a key is a user; an agent without one is a session of a role.
CREATE TEMP TABLE key_holder AS
SELECT DISTINCT CASE WHEN e.kind = 'use' THEN e.principal ELSE e.target END AS id
FROM event e JOIN run r USING (run) JOIN key_of k ON k.id = CASE WHEN e.kind = 'use' THEN e.credential ELSE e.issued END
WHERE k.is_key AND (e.time >= r.begins OR r.kind = 'ingested') AND e.kind IN ('use', 'issue', 'renew', 'assume', 'revoke');

CREATE TEMP TABLE identity AS
SELECT p.id, p.name, starts_with(p.name, 'arn:') OR (is_trail AND NOT is_pseudonym(p.name)) AS is_own,
       CASE WHEN p.kind = 'role' AND is_own THEN 'Role'
            WHEN p.kind = 'shared_account' AND is_own THEN CASE WHEN ends_with(p.name, ':root') THEN 'Root' ELSE 'AWSAccount' END
            WHEN p.kind = 'human' AND is_own THEN 'IdentityCenterUser'
            WHEN contains(p.name, ':federated-user/') AND is_own THEN 'FederatedUser'
            WHEN p.kind IN ('agent', 'agent_instance') AND (is_own OR h.id IS NULL) THEN 'AssumedRole' ELSE 'IAMUser' END AS type,
       CASE WHEN starts_with(p.name, 'arn:') THEN p.name WHEN is_own THEN NULL
            WHEN type = 'AssumedRole' THEN 'arn:aws:sts::000000000000:assumed-role/' || spelled(coalesce(p.role, 'agent')) || '/' || spelled(p.name)
            ELSE 'arn:aws:iam::000000000000:user/' || spelled(p.name) END AS arn,
       nullif(regexp_extract(arn, ':user/(.*)$', 1), '') AS user_name,
       CASE WHEN starts_with(p.role, 'arn:') THEN p.role ELSE 'arn:aws:iam::000000000000:role/' || spelled(p.role) END AS role_arn
FROM party p CROSS JOIN (SELECT kind = 'ingested' AND split_part(profile, ',', 1) = 'cloudtrail' AS is_trail FROM run) r LEFT JOIN key_holder h ON h.id = p.id;

-- Each event with the call that it is: whose, to which service, and what came of it. A session that somebody else issues to a user
-- is one that the user gets with the key: AWS knows no other way.
CREATE TEMP VIEW carried AS
SELECT s.*, s.read_through = 'cloudtrail' AND contains(s.operation, ':') AS from_aws,
       CASE WHEN s.is_earlier THEN 'it happened before the run began'
            WHEN s.kind NOT IN ('use', 'issue', 'renew', 'assume', 'revoke') THEN 'no call to AWS tells of it'
            WHEN s.kind = 'revoke' AND (s.verifier IS NOT NULL OR NOT coalesce(i.is_key, from_aws)) THEN 'no call to AWS ends one session'
       END AS left_out,
       CASE WHEN s.kind = 'use' OR s.issued IS NULL OR s.decision IS NOT DISTINCT FROM 'deny' THEN 'use'
            WHEN s.kind = 'revoke' THEN 'revoke' WHEN from_aws THEN s.kind::VARCHAR WHEN i.is_key THEN 'issue'
            WHEN q.id IS NULL OR q.id = s.principal OR q.type = 'IAMUser' THEN 'issue' ELSE 'assume' END AS read_as,
       CASE WHEN from_aws THEN split_part(s.operation, ':', 1) WHEN s.kind = 'revoke' OR (s.kind <> 'use' AND i.is_key) THEN 'iam'
            WHEN s.kind <> 'use' THEN 'sts' ELSE coalesce(s.resource_group, s.system, s.profile) END AS service,
       CASE WHEN from_aws THEN substring(s.operation, length(service) + 2) WHEN s.kind = 'revoke' THEN 'DeleteAccessKey'
            WHEN s.kind = 'use' THEN coalesce(CASE WHEN starts_with(s.operation, service || ':') THEN substring(s.operation, length(service) + 2) ELSE s.operation END, s.level::VARCHAR, 'call') WHEN i.is_key THEN 'CreateAccessKey'
            WHEN read_as = 'issue' THEN 'GetSessionToken' ELSE 'AssumeRole' END AS call,
       CASE WHEN from_aws AND NOT is_pseudonym(s.error) THEN s.error
            WHEN s.decision = 'allow' AND s.error IS NOT NULL AND s.kind = 'use' THEN 'ValidationException'
            WHEN s.decision = 'deny' AND s.reason = 'expired' THEN 'ExpiredToken'
            WHEN s.decision = 'deny' AND s.reason = 'throttled' THEN 'ThrottlingException'
            WHEN s.decision = 'deny' AND (s.reason IS NULL OR s.reason IN ('revoked', 'binding', 'deleted')) THEN 'InvalidClientTokenId'
            WHEN s.decision = 'deny' THEN 'AccessDenied'
            WHEN s.decision IS NULL AND s.kind = 'use' THEN 'ServiceUnavailable' END AS error_code,
       CASE WHEN call = 'GetSessionToken' AND NOT from_aws THEN coalesce(s.target, s.principal) ELSE s.principal END AS caller,
       date_trunc('second', s.time + to_microseconds(coalesce(s.duration, 0))) AS completed,
       c.name AS key, c.is_own AS key_is_own, i.name AS issued_key, i.is_own AS issued_is_own, i.is_key AS issues_key, coalesce(c.is_key, false) AS presents_key,
       -- A session is known by its key, or by who holds it, and when it began.
       CASE WHEN from_aws THEN coalesce(nullif(regexp_extract(s.session_name, ' (\S+)$', 1), ''), second_of(s.presented_from)) ELSE second_of(c.created) END AS created
FROM said s
LEFT JOIN key_of c ON c.id = s.credential
LEFT JOIN key_of i ON i.id = s.issued
LEFT JOIN identity q ON q.id = s.target;

-- What is null is not written.
CREATE TEMP VIEW record AS
SELECT e.completed AS time, e.id, coalesce(account_of(p.arn), '000000000000') AS account,
       json_merge_patch('{}', to_json({
           eventVersion: '1.11',
           userIdentity: {
               type: coalesce(p.type, CASE WHEN e.invoked_by IS NOT NULL THEN 'AWSService' ELSE 'Unknown' END),
               principalId: CASE WHEN e.from_aws AND e.credential IS NULL AND e.session IS NOT NULL THEN regexp_extract(e.session_name, '^(.*) \S+$', 1)
                                 WHEN p.arn IS NULL AND p.name IS DISTINCT FROM e.invoked_by THEN p.name END,
               arn: p.arn, accountId: CASE WHEN p.arn IS NOT NULL THEN account_of(p.arn) END,
               accessKeyId: e.key, userName: CASE WHEN p.type = 'IAMUser' THEN p.user_name END,
               sessionContext: CASE WHEN e.created IS NOT NULL OR (p.type = 'AssumedRole' AND p.role_arn IS NOT NULL) THEN {
                   sessionIssuer: CASE WHEN p.role_arn IS NOT NULL THEN {type: 'Role', arn: p.role_arn, accountId: account_of(p.role_arn)} END,
                   attributes: CASE WHEN e.created IS NOT NULL THEN {creationDate: e.created} END} END,
               invokedBy: CASE WHEN e.from_aws OR p.id IS NOT NULL THEN e.invoked_by END},
           eventTime: second_of(e.completed), eventSource: CASE WHEN e.from_aws OR e.service IN ('iam', 'sts') THEN e.service || '.amazonaws.com' ELSE e.service END,
           eventName: e.call, awsRegion: 'us-east-1', sourceIPAddress: e.origin, userAgent: e.user_agent, errorCode: e.error_code,
           errorMessage: CASE WHEN NOT e.from_aws OR is_pseudonym(e.error) THEN e.error END,
           requestParameters: CASE WHEN e.args IS NOT NULL OR e.read_as IN ('assume', 'revoke') OR e.call = 'UpdateAccessKey' OR e.resource_group = 'ssm-secrets' THEN {
               roleArn: CASE WHEN e.read_as = 'assume' THEN coalesce(q.role_arn, 'arn:aws:iam::' || account_of(q.arn) || ':role/' || nullif(regexp_extract(q.arn, ':assumed-role/([^/]+)/', 1), '')) END,
               roleSessionName: CASE WHEN e.read_as = 'assume' THEN nullif(regexp_extract(q.arn, ':assumed-role/[^/]+/(.+)$', 1), '') END,
               accessKeyId: CASE WHEN e.read_as = 'revoke' OR e.call = 'UpdateAccessKey' THEN e.issued_key END,
               userName: CASE WHEN e.read_as = 'revoke' OR e.call = 'UpdateAccessKey' THEN q.user_name END,
               -- A session that may have had a policy of its own: which one nobody kept.
               policy: CASE WHEN e.read_as = 'assume' AND e.resolved IS DISTINCT FROM 'looked_up' THEN 'not kept' END,
               status: CASE WHEN e.call = 'UpdateAccessKey' THEN CASE e.read_as WHEN 'issue' THEN 'Active' WHEN 'revoke' THEN 'Inactive' END END,
               withDecryption: CASE WHEN e.resource_group = 'ssm-secrets' THEN true END, arguments: e.args::VARCHAR} END,
           responseElements: CASE WHEN e.read_as IN ('issue', 'assume') THEN {
               credentials: CASE WHEN e.call NOT IN ('CreateAccessKey', 'UpdateAccessKey') THEN {accessKeyId: e.issued_key, expiration: CASE WHEN NOT isinf(e.expires) THEN second_of(e.expires) END} END,
               assumedRoleUser: CASE WHEN e.read_as = 'assume' AND q.type <> 'FederatedUser' THEN {assumedRoleId: NULL::VARCHAR, arn: coalesce(q.arn, q.name)} END,
               federatedUser: CASE WHEN e.read_as = 'assume' AND q.type = 'FederatedUser' THEN {arn: q.arn} END,
               accessKey: CASE WHEN e.call = 'CreateAccessKey' THEN {accessKeyId: e.issued_key, status: 'Active', createDate: second_of(e.completed), userName: q.user_name} END} END,
           requestID: e.request_id, eventID: e.event_name, readOnly: e.level IN ('list', 'read'),
           resources: CASE WHEN e.resource_name IS NOT NULL AND (e.kind = 'use' OR e.from_aws) THEN [{ARN: e.resource_name}] END,
           eventType: 'AwsApiCall', managementEvent: true,
           recipientAccountId: account_of(CASE WHEN e.read_as = 'issue' OR e.read_as = 'revoke' THEN coalesce(q.arn, p.arn) ELSE p.arn END),
           eventCategory: 'Management'
       }))::VARCHAR AS line
FROM carried e
LEFT JOIN identity p ON p.id = e.caller
LEFT JOIN identity q ON q.id = e.target
WHERE e.left_out IS NULL;

-- As CloudTrail delivers to a bucket: files of one account and one day, here of at most 10,000 records.
CREATE TEMP TABLE delivery AS
WITH numbered AS (
    SELECT *, (row_number() OVER (PARTITION BY account, time::DATE ORDER BY time, id) - 1) // 10000 AS file FROM record
)
SELECT 'AWSLogs/' || account || '/CloudTrail/us-east-1/' || strftime(time, '%Y/%m/%d/') || account || '_CloudTrail_us-east-1_'
           || strftime(min(time) OVER of_file, '%Y%m%dT%H%MZ_') || upper(substring(md5(account || time::DATE || file), 1, 16)) || '.json.gz' AS path,
       time, id, line
FROM numbered
WINDOW of_file AS (PARTITION BY account, time::DATE, file)
ORDER BY path, time, id;
