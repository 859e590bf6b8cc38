-- What becomes of each field of each event, and of each credential, as an event of OCSF.

CREATE TEMP MACRO of_key(name) AS starts_with(name, 'AKIA');

CREATE TEMP VIEW event_fate AS
SELECT e.id AS event_key, e.left_out,
       CASE WHEN is_numbered THEN 'otherwise: with the number by which it is told from others of its id' ELSE 'carried' END AS id,
       'carried' AS time,
       CASE WHEN resolution = 1000 THEN 'carried' ELSE 'lost: whoever reads events takes their times to have milliseconds' END AS resolution,
       CASE WHEN meaning = 'completion' THEN 'carried' ELSE 'lost: an event is told when it is over' END AS meaning,
       CASE WHEN CASE WHEN class <> 3002 OR decision IS NOT DISTINCT FROM 'deny' THEN 'use' WHEN activity = 1 THEN 'issue' ELSE 'revoke' END = kind::VARCHAR
            THEN 'carried' WHEN class = 3001 THEN 'otherwise: as a change of an account, which ingest takes for a call' ELSE 'otherwise: as a logon' END AS kind,
       CASE WHEN principal IS NOT NULL THEN 'carried' END AS principal,
       CASE WHEN target IS NULL THEN NULL WHEN class = 6003 THEN 'lost: a call says nothing of whom it is about'
            WHEN target = principal AND (class = 3001 OR decision IS NOT DISTINCT FROM 'deny') THEN 'lost: who acts is not told again as whom it is about' ELSE 'carried' END AS target,
       CASE WHEN credential IS NULL THEN NULL WHEN is_given THEN 'lost: what is given is not presented' ELSE 'carried' END AS credential,
       CASE WHEN issued IS NULL THEN NULL WHEN class = 3001 THEN 'otherwise: as a programmatic credential of the user, which ingest does not read'
            WHEN decision IS NOT DISTINCT FROM 'deny' THEN 'lost: what was refused gives nothing' ELSE 'carried' END AS issued,
       CASE WHEN session IS NULL THEN NULL WHEN told_session IS NOT NULL THEN 'carried' WHEN class = 3002 THEN 'otherwise: as the one that is given'
            ELSE 'lost: a session without its credential would be taken for that' END AS session,
       CASE WHEN task IS NOT NULL THEN 'otherwise: in unmapped, which ingest does not read' END AS task,
       CASE WHEN parent_task IS NOT NULL THEN 'lost: OCSF knows no tasks' END AS parent_task,
       CASE WHEN action IS NOT NULL THEN 'otherwise: in unmapped, which ingest does not read' END AS action,
       CASE WHEN operation IS NULL THEN NULL WHEN class = 6003 THEN 'carried' ELSE 'otherwise: as the name of the activity' END AS operation,
       CASE WHEN atom IS NULL THEN NULL WHEN class = 6003 THEN 'otherwise: the group as the service that was called, of the level whether it reads'
            ELSE 'otherwise: as what ingest takes such an event to need' END AS atom,
       CASE WHEN resource IS NULL THEN NULL WHEN class = 6003 AND atom IS NOT NULL THEN 'carried' ELSE 'lost: only calls touch something' END AS resource,
       CASE WHEN approval IS NOT NULL THEN 'otherwise: in unmapped, which ingest does not read' END AS approval,
       CASE WHEN requested IS NOT NULL THEN 'otherwise: in unmapped, which ingest does not read' END AS requested,
       CASE WHEN duration IS NOT NULL THEN 'otherwise: in milliseconds, which ingest does not read' END AS duration,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: sets of permissions have no place' END AS scope_set,
       CASE WHEN credential_kind IS NULL THEN NULL WHEN class = 3002 AND decision IS DISTINCT FROM 'deny' THEN CASE WHEN credential_kind = 'session_token' THEN 'carried' ELSE 'otherwise: as a session' END
            WHEN class = 3001 THEN 'otherwise: as a programmatic credential' ELSE 'lost: no credential is named' END AS credential_kind,
       CASE WHEN resolved IS NOT NULL THEN 'lost: when it is settled what it opens is not told' END AS resolved,
       CASE WHEN binding IS NOT NULL THEN 'lost: nothing is told of what binds a session' END AS binding,
       CASE WHEN enforced IS NOT NULL THEN 'lost: nothing is told of what binds a session' END AS enforced,
       CASE WHEN expires IS NULL THEN NULL WHEN class = 3002 AND activity = 1 AND NOT isinf(expires) AND decision IS DISTINCT FROM 'deny' THEN 'carried'
            ELSE 'lost: only sessions have an end' END AS expires,
       CASE WHEN presented_kind IS NULL THEN NULL WHEN is_given THEN 'lost: what is given is not presented' WHEN credential IS NULL THEN 'lost: no credential is named' ELSE 'otherwise: as its name says' END AS presented_kind,
       CASE WHEN presented_from IS NULL THEN NULL WHEN is_given THEN 'lost: what is given is not presented' WHEN credential IS NULL THEN 'lost: no credential is named'
            WHEN of_key(credential_name) AND NOT by_agent THEN 'lost: the session of a key says nothing of the key' ELSE 'carried' END AS presented_from,
       CASE WHEN presented_to IS NULL THEN NULL WHEN is_given THEN 'lost: what is given is not presented' WHEN credential IS NULL THEN 'lost: no credential is named'
            WHEN isinf(presented_to) = (of_key(credential_name) AND NOT by_agent) THEN 'carried' WHEN isinf(presented_to) AND by_agent THEN 'lost: only sessions have an end'
            ELSE 'otherwise: as its name says' END AS presented_to,
       CASE WHEN verifier IS NOT NULL THEN 'lost: no verifier is named' END AS verifier,
       CASE WHEN args IS NULL THEN NULL WHEN class = 6003 AND request_id IS NOT NULL THEN 'otherwise: as a hash of the hash in the request; what was equal still is'
            ELSE 'otherwise: in unmapped, which ingest does not read' END AS args,
       CASE WHEN asked IS NOT NULL THEN 'lost: OCSF knows no approvals' END AS asked,
       CASE WHEN decision IS NOT NULL THEN 'carried' END AS decision,
       CASE WHEN reason IS NULL THEN NULL WHEN kind = 'revoke' AND class = 3002 THEN CASE WHEN reason = 'deleted' THEN 'carried' ELSE 'otherwise: as the reason of the session' END
            WHEN decision = 'deny' AND (from_ocsf OR (reason = 'expired' AND code = 'ExpiredToken') OR (reason = 'throttled' AND code = 'ThrottlingException') OR (reason = 'out_of_scope' AND code = 'AccessDenied')) THEN 'carried'
            WHEN code = 'AccessDenied' THEN 'otherwise: as AccessDenied' ELSE 'otherwise: in unmapped, which ingest does not read' END AS reason,
       CASE WHEN policy IS NOT NULL THEN 'lost: no policy is named' END AS policy,
       CASE WHEN cached IS NOT NULL THEN 'lost: whether a decision was new is not told' END AS cached,
       CASE WHEN error IS NULL THEN NULL WHEN NOT from_ocsf THEN 'otherwise: as message, which ingest does not read'
            WHEN code IS NULL AND decision = 'deny' AND reason IS NOT NULL THEN 'otherwise: as the code that means so'
            WHEN decision IS DISTINCT FROM 'allow' THEN 'carried' ELSE 'otherwise: as status_code of what was let in' END AS error,
       CASE WHEN origin IS NULL THEN NULL WHEN is_ip(origin) OR is_host(origin) THEN 'carried' ELSE 'otherwise: as the name of an endpoint, which ingest does not read' END AS origin,
       CASE WHEN user_agent IS NOT NULL THEN 'carried' END AS user_agent,
       CASE WHEN request_id IS NULL THEN NULL WHEN class = 6003 THEN 'carried' ELSE 'lost: only calls have a request' END AS request_id,
       CASE WHEN invoked_by IS NULL THEN NULL WHEN principal IS NOT NULL THEN 'carried' ELSE 'lost: nobody is named for whom it called' END AS invoked_by,
       CASE WHEN source_file IS NOT NULL THEN 'lost: the export is the file that it is read from then' END AS source_file,
       CASE WHEN ordinal IS NOT NULL THEN 'lost: its place is that in the export' END AS ordinal,
       CASE WHEN intent IS NOT NULL THEN 'otherwise: in unmapped, which ingest does not read' END AS intent,
       CASE WHEN clock_error > 0 THEN 'lost: by how much a clock may be wrong is not told' END AS clock_error
FROM carried e;

-- Events tell of each credential who got it, who uses it and until when it is said to last; ingest rebuilds it from these.
CREATE TEMP VIEW credential_fate AS
WITH about AS (
    SELECT id, bool_or(class <> 3001 OR NOT given) AS told, bool_or(given AND class = 3002 AND kind <> 'revoke') AS issued
    FROM (SELECT credential AS id, class, kind, false AS given FROM carried WHERE left_out IS NULL AND credential IS DISTINCT FROM issued
          UNION ALL SELECT issued, class, kind, true FROM carried WHERE left_out IS NULL AND decision IS DISTINCT FROM 'deny')
    GROUP BY id
)
SELECT c.id AS credential_key, CASE WHEN a.told IS NOT TRUE THEN 'no event names it that ingest reads' END AS left_out,
       'carried' AS id, 'otherwise: as its name says, or as a session' AS kind,
       CASE WHEN issuer IS NULL THEN NULL WHEN a.issued THEN 'otherwise: as who acted when it was given' ELSE 'lost: its issue is not told' END AS issuer,
       CASE WHEN holder IS NOT NULL THEN 'otherwise: as the user to whom it was given, or who alone uses it' END AS holder,
       CASE WHEN task IS NOT NULL THEN 'lost: OCSF knows no tasks' END AS task,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: sets of permissions have no place' END AS scope_set,
       CASE WHEN resolved <> 'unknown' THEN 'lost: when it is settled what it opens is not told' END AS resolved,
       CASE WHEN binding <> 'unknown' THEN 'lost: nothing is told of what binds a session' END AS binding,
       CASE WHEN enforced IS NOT NULL THEN 'lost: nothing is told of what binds a session' END AS enforced,
       'otherwise: as far as events tell of it' AS from_lo, 'otherwise: as far as events tell of it' AS from_hi,
       'otherwise: as far as events tell of it' AS to_lo, 'otherwise: as far as events tell of it' AS to_hi,
       'otherwise: as far as events tell of it' AS basis
FROM credential c LEFT JOIN about a USING (id);
