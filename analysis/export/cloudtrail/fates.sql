-- What becomes of each field of each event, and of each credential, as a record of CloudTrail.

CREATE TEMP VIEW event_fate AS
SELECT e.id AS event_key, e.left_out,
       CASE WHEN is_numbered THEN 'otherwise: with the number by which it is told from others of its id' ELSE 'carried' END AS id,
       CASE WHEN e.completed = e.time THEN 'carried' ELSE 'otherwise: as eventTime, when the call was over, in whole seconds' END AS time,
       CASE WHEN resolution = 1000000 THEN 'carried' ELSE 'lost: eventTime has whole seconds' END AS resolution,
       CASE WHEN meaning = 'completion' THEN 'carried' ELSE 'lost: eventTime is when the call was over' END AS meaning,
       CASE WHEN read_as = kind::VARCHAR THEN 'carried' ELSE 'otherwise: as the call that has this effect at AWS' END AS kind,
       CASE WHEN principal IS NULL THEN NULL WHEN e.caller IS DISTINCT FROM e.principal THEN 'otherwise: as who gets it; AWS knows sessions of a user only that the user asks for'
            WHEN coalesce(p.arn, p.name) = p.name THEN 'carried' ELSE 'otherwise: as the ARN of a user, or of a session, that is called like it' END AS principal,
       CASE WHEN target IS NULL THEN NULL WHEN read_as = 'use' THEN 'lost: a call says nothing of whom it is about'
            WHEN read_as IN ('issue', 'revoke') AND q.type <> 'IAMUser' AND e.target IS DISTINCT FROM e.caller THEN 'lost: only users have keys'
            WHEN coalesce(q.arn, q.name) = q.name THEN 'carried' ELSE 'otherwise: as the ARN of a user, or of a session, that is called like it' END AS target,
       CASE WHEN credential IS NULL THEN NULL WHEN key_is_own THEN 'carried' ELSE 'otherwise: as an access key id' END AS credential,
       CASE WHEN issued IS NULL THEN NULL WHEN read_as = 'use' THEN 'lost: a call that was refused hands out nothing'
            WHEN issued_is_own THEN 'carried' ELSE 'otherwise: as an access key id' END AS issued,
       CASE WHEN session IS NULL THEN NULL WHEN from_aws AND created IS NOT NULL AND NOT is_pseudonym(session_name) THEN 'carried'
            WHEN created IS NOT NULL THEN 'otherwise: as the key and since when it is' ELSE 'lost: since when its key is is not told' END AS session,
       CASE WHEN task IS NOT NULL THEN 'lost: AWS knows no tasks' END AS task,
       CASE WHEN parent_task IS NOT NULL THEN 'lost: AWS knows no tasks' END AS parent_task,
       CASE WHEN action IS NOT NULL THEN 'lost: a call has no request apart from it' END AS action,
       CASE WHEN operation IS NULL THEN NULL WHEN from_aws THEN 'carried' ELSE 'otherwise: as eventSource and eventName' END AS operation,
       CASE WHEN atom IS NULL THEN NULL WHEN from_aws THEN 'carried' WHEN service IN ('iam', 'sts') THEN 'otherwise: as what AWS says that such a call takes'
            ELSE 'otherwise: the group as eventSource, of the level whether it reads' END AS atom,
       CASE WHEN resource IS NULL THEN NULL WHEN kind = 'use' OR from_aws THEN 'carried' WHEN read_as = 'revoke' THEN 'otherwise: as the user whose key it is' ELSE 'lost: a call for a key touches nothing else' END AS resource,
       CASE WHEN approval IS NOT NULL THEN 'lost: AWS knows no approvals' END AS approval,
       CASE WHEN requested IS NOT NULL THEN 'lost: a call has no request apart from it' END AS requested,
       CASE WHEN duration IS NOT NULL THEN 'lost: a record is written when the call is over, and does not say since when it ran' END AS duration,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: what a session may do is in policies' END AS scope_set,
       CASE WHEN credential_kind IS NULL THEN NULL WHEN issued IS NULL OR read_as = 'use' THEN 'lost: no key is handed out'
            WHEN credential_kind = CASE WHEN issues_key THEN 'static_key' ELSE 'session_token' END THEN 'carried' ELSE 'otherwise: as a key or a session' END AS credential_kind,
       CASE WHEN resolved IS NULL THEN NULL WHEN from_aws THEN 'carried' WHEN read_as = 'revoke' OR coalesce(issued, credential) IS NULL THEN 'lost: no key is handed out'
            WHEN resolved = CASE WHEN CASE WHEN read_as = 'use' THEN presents_key ELSE issues_key END OR (read_as = 'assume' AND resolved = 'looked_up') THEN 'looked_up' ELSE 'both' END THEN 'carried'
            ELSE 'otherwise: as that what its identity may is looked up, and that a session may have a policy of its own' END AS resolved,
       CASE WHEN binding IS NOT NULL THEN 'lost: nothing is told of what binds a key' END AS binding,
       CASE WHEN enforced IS NOT NULL THEN 'lost: nothing is told of what binds a key' END AS enforced,
       CASE WHEN expires IS NULL THEN NULL WHEN read_as NOT IN ('issue', 'assume') THEN 'lost: no key is handed out'
            WHEN (isinf(expires) AND issues_key) OR (NOT isinf(expires) AND NOT issues_key AND expires = date_trunc('second', expires)) THEN 'carried'
            WHEN isinf(expires) OR issues_key THEN 'lost: sessions end, and keys do not' ELSE 'otherwise: as expiration, in whole seconds' END AS expires,
       CASE WHEN presented_kind IS NULL THEN NULL WHEN from_aws AND (key_is_own OR presented_kind IN ('static_key', 'session_token')) THEN 'carried' WHEN credential IS NULL THEN 'lost: no key is named'
            ELSE 'otherwise: as a key or a session' END AS presented_kind,
       CASE WHEN presented_from IS NULL THEN NULL WHEN from_aws THEN 'carried' WHEN created IS NULL THEN 'lost: AWS grants no session of that length'
            ELSE 'otherwise: as creationDate, in whole seconds' END AS presented_from,
       CASE WHEN presented_to IS NULL THEN NULL WHEN from_aws THEN 'carried' WHEN created IS NULL AND NOT isinf(presented_to) THEN 'lost: only since when a session is may be told'
            ELSE 'otherwise: as the longest that AWS lets such a key live' END AS presented_to,
       CASE WHEN verifier IS NOT NULL THEN 'lost: AWS is one verifier' END AS verifier,
       CASE WHEN args IS NOT NULL THEN 'otherwise: as a hash of the hash among the parameters; what was equal still is' END AS args,
       CASE WHEN asked IS NOT NULL THEN 'lost: AWS knows no approvals' END AS asked,
       CASE WHEN decision IS NOT NULL THEN 'carried' END AS decision,
       CASE WHEN reason IS NULL THEN NULL WHEN read_as = 'revoke' THEN CASE WHEN reason = 'deleted' THEN 'carried' ELSE 'otherwise: as a deletion' END
            WHEN from_aws OR (decision = 'deny' AND reason IN ('expired', 'out_of_scope', 'throttled')) THEN 'carried'
            WHEN decision = 'deny' AND error_code <> 'InvalidClientTokenId' THEN 'otherwise: as AccessDenied' ELSE 'lost: no error code says it' END AS reason,
       CASE WHEN policy IS NOT NULL THEN 'lost: no policy is named' END AS policy,
       CASE WHEN cached IS NOT NULL THEN 'lost: whether a decision was new is not told' END AS cached,
       CASE WHEN error IS NULL THEN NULL WHEN from_aws AND NOT is_pseudonym(error) THEN 'carried' WHEN error_code IS NOT NULL THEN 'otherwise: as errorMessage, behind the code of AWS that means so'
            ELSE 'lost: a call that handed out something has no error' END AS error,
       CASE WHEN origin IS NOT NULL THEN 'carried' END AS origin,
       CASE WHEN user_agent IS NOT NULL THEN 'carried' END AS user_agent,
       CASE WHEN request_id IS NOT NULL THEN 'carried' END AS request_id,
       CASE WHEN invoked_by IS NULL THEN NULL WHEN from_aws OR principal IS NOT NULL THEN 'carried' ELSE 'lost: nobody is named for whom it called' END AS invoked_by,
       CASE WHEN source_file IS NOT NULL THEN 'lost: the export is the file that it is read from then' END AS source_file,
       CASE WHEN ordinal IS NOT NULL THEN 'lost: its place is that in the export' END AS ordinal,
       CASE WHEN intent IS NOT NULL THEN 'lost: AWS knows no intents' END AS intent,
       CASE WHEN clock_error > 0 THEN 'lost: by how much a clock may be wrong is not told' END AS clock_error
FROM carried e
LEFT JOIN identity p ON p.id = e.principal
LEFT JOIN identity q ON q.id = e.target;

-- Of a trail that was read the records tell again what it told. Of another log they tell of each credential who got it and when it was
-- there, in whole seconds.
CREATE TEMP VIEW credential_fate AS
WITH about AS (
    SELECT c.id, count(e.kind) FILTER (e.left_out IS NULL) AS told, count(*) FILTER (e.left_out IS NOT NULL) AS untold,
           count(*) FILTER (e.left_out IS NULL AND e.kind IN ('issue', 'renew', 'assume') AND e.issued = c.id) AS issues
    FROM credential c
    LEFT JOIN (SELECT credential AS id, kind, issued, left_out FROM carried
               UNION ALL SELECT issued, kind, issued, left_out FROM carried WHERE issued IS DISTINCT FROM credential) e USING (id)
    GROUP BY c.id
), judged AS (
    SELECT c.*, k.is_key, k.is_own, CASE WHEN a.told = 0 THEN 'no record names it' END AS left_out,
           r.kind = 'ingested' AND split_part(r.profile, ',', 1) = 'cloudtrail' AND a.untold = 0 AND a.issues <= 1 AND l.id IS NULL AND k.is_own AS is_same, a.issues
    FROM credential c JOIN about a USING (id) JOIN key_of k USING (id) JOIN run r ON r.run = c.run
    -- What a snapshot says of it is in no record.
    LEFT JOIN (SELECT l.id FROM fact.credential l JOIN run r USING (run) WHERE r.kind = 'ingested') l ON l.id = c.id
)
SELECT id AS credential_key, left_out, CASE WHEN is_own THEN 'carried' ELSE 'otherwise: as an access key id' END AS id,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: as a key or a session' END AS kind,
       CASE WHEN issuer IS NULL THEN NULL WHEN is_same THEN 'carried' WHEN issues = 0 THEN 'lost: its issue is not told' ELSE 'otherwise: as the ARN that stands for who called' END AS issuer,
       CASE WHEN holder IS NULL THEN NULL WHEN is_same THEN 'carried' ELSE 'otherwise: as the ARN that stands for who got it or uses it' END AS holder,
       CASE WHEN task IS NOT NULL THEN 'lost: AWS knows no tasks' END AS task,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: what a session may do is in policies' END AS scope_set,
       CASE WHEN resolved = 'unknown' THEN NULL WHEN is_same THEN 'carried' ELSE 'otherwise: as that what its identity may is looked up, and that a session may have a policy of its own' END AS resolved,
       CASE WHEN binding <> 'unknown' THEN 'lost: nothing is told of what binds a key' END AS binding,
       CASE WHEN enforced IS NOT NULL THEN 'lost: nothing is told of what binds a key' END AS enforced,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: in whole seconds, when the call was over that issued it' END AS from_lo,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: in whole seconds, when the call was over that issued it' END AS from_hi,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: its last use, in whole seconds, or the end of its key' END AS to_lo,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: its stated end, in whole seconds, or the end of its key' END AS to_hi,
       CASE WHEN is_same THEN 'carried' ELSE 'otherwise: what the record says of its end' END AS basis
FROM judged;
