-- What becomes of each field of each event, and of each credential, in the project's own form.

-- Who claims to keep something and does not tell it of each event is not believed, and then none of it counts.
CREATE TEMP MACRO once_kept(kept, what) AS
    CASE WHEN kept THEN 'carried' ELSE 'lost: ' || what || ', and the form believes no claim that an event contradicts' END;
CREATE TEMP MACRO of_call(kept) AS once_kept(kept, 'it is not told of every call that was let in');
CREATE TEMP MACRO of_credential(kept, named) AS
    CASE WHEN named IS NULL THEN 'lost: no credential is named' ELSE once_kept(kept, 'not every issue names its credential') END;

CREATE TEMP VIEW event_fate AS
SELECT e.id AS event_key, left_out,
       CASE WHEN is_numbered THEN 'otherwise: with the number by which it is told from others of its id' ELSE 'carried' END AS id,
       'carried' AS time,
       CASE WHEN resolution = 1 THEN 'carried' ELSE 'lost: whoever reads rows takes their times to be exact to the microsecond' END AS resolution,
       CASE WHEN meaning = 'start' THEN 'carried' ELSE 'lost: whoever reads rows takes their times for starts' END AS meaning,
       'carried' AS kind,
       CASE WHEN principal IS NOT NULL THEN 'carried' END AS principal,
       CASE WHEN target IS NOT NULL THEN 'carried' END AS target,
       CASE WHEN e.credential IS NOT NULL THEN of_credential(m.credential, e.credential) END AS credential,
       CASE WHEN issued IS NOT NULL THEN of_credential(m.credential, issued) END AS issued,
       CASE WHEN session IS NOT NULL THEN 'carried' END AS session,
       CASE WHEN e.task IS NOT NULL THEN 'carried' END AS task,
       CASE WHEN parent_task IS NULL THEN NULL WHEN e.task IS NOT NULL THEN 'carried' ELSE 'lost: it names no task that this would be above' END AS parent_task,
       CASE WHEN e.action IS NOT NULL THEN of_call(m.action) END AS action,
       CASE WHEN operation IS NOT NULL THEN 'carried' END AS operation,
       CASE WHEN atom IS NOT NULL THEN of_call(m.touch) END AS atom,
       CASE WHEN resource IS NULL THEN NULL WHEN atom IS NULL THEN 'lost: what access it took is not told' ELSE of_call(m.touch) END AS resource,
       CASE WHEN approval IS NOT NULL THEN 'carried' END AS approval,
       CASE WHEN requested IS NOT NULL THEN of_call(m.action) END AS requested,
       CASE WHEN e.duration IS NOT NULL THEN of_call(m.duration) END AS duration,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: rows of events have no room for sets of permissions' END AS scope_set,
       CASE WHEN credential_kind IS NOT NULL THEN of_credential(m.credential, issued) END AS credential_kind,
       CASE WHEN resolved IS NULL THEN NULL WHEN issued IS NULL THEN 'lost: it is told of credentials that are issued' ELSE of_credential(m.credential, issued) END AS resolved,
       CASE WHEN binding IS NOT NULL THEN of_credential(m.credential, issued) END AS binding,
       CASE WHEN enforced IS NOT NULL THEN of_credential(m.credential, issued) END AS enforced,
       CASE WHEN expires IS NULL THEN NULL WHEN issued IS NULL THEN 'lost: no credential is named' ELSE 'carried' END AS expires,
       CASE WHEN presented_kind IS NOT NULL THEN of_credential(m.credential, e.credential) END AS presented_kind,
       CASE WHEN presented_from IS NOT NULL THEN of_credential(m.credential, e.credential) END AS presented_from,
       CASE WHEN presented_to IS NULL THEN NULL WHEN e.credential IS NULL THEN 'lost: no credential is named' ELSE 'carried' END AS presented_to,
       CASE WHEN verifier IS NOT NULL THEN 'lost: the form knows no verifiers' END AS verifier,
       CASE WHEN args IS NOT NULL THEN 'otherwise: as a hash of the hash; what was equal still is' END AS args,
       CASE WHEN asked IS NOT NULL THEN 'lost: through whom is not told' END AS asked,
       CASE WHEN decision IS NOT NULL THEN 'carried' END AS decision,
       CASE WHEN reason IS NOT NULL THEN 'carried' END AS reason,
       CASE WHEN policy IS NOT NULL THEN 'lost: rows name no policy' END AS policy,
       CASE WHEN cached IS NOT NULL THEN 'lost: a decision remembered looks like a new one' END AS cached,
       CASE WHEN error IS NOT NULL THEN 'carried' END AS error,
       CASE WHEN origin IS NOT NULL THEN 'carried' END AS origin,
       CASE WHEN user_agent IS NOT NULL THEN 'carried' END AS user_agent,
       CASE WHEN request_id IS NOT NULL THEN 'carried' END AS request_id,
       CASE WHEN invoked_by IS NOT NULL THEN 'carried' END AS invoked_by,
       CASE WHEN source_file IS NOT NULL THEN 'lost: the export is the file that it is read from then' END AS source_file,
       CASE WHEN ordinal IS NOT NULL THEN 'lost: its place is that in the export' END AS ordinal,
       CASE WHEN intent IS NOT NULL THEN 'lost: rows have no room for intents' END AS intent,
       CASE WHEN clock_error > 0 THEN 'lost: by how much a clock may be wrong is not told' END AS clock_error
FROM carried e CROSS JOIN claim m;

-- A credential is rebuilt from its events. Of one whose events are all carried the rows tell as much as the log; of others less.
CREATE TEMP VIEW credential_fate AS
WITH about AS (
    -- What one verifier alone no longer accepts is no end of a credential.
    SELECT c.id, count(e.kind) FILTER (e.left_out IS NULL) AS told, count(*) FILTER (e.left_out IS NOT NULL AND e.verifier IS NULL) AS untold,
           count(*) FILTER (e.left_out IS NULL AND e.kind IN ('issue', 'renew', 'assume') AND e.issued = c.id) AS issues,
           coalesce(bool_or(e.left_out IS NULL AND e.kind = 'revoke' AND e.issued = c.id), false) AS ended
    FROM credential c
    LEFT JOIN (SELECT credential AS id, kind, issued, verifier, left_out FROM carried
               UNION ALL SELECT issued, kind, issued, verifier, left_out FROM carried WHERE issued IS DISTINCT FROM credential) e USING (id)
    GROUP BY c.id
), judged AS (
    SELECT c.*, a.issues, a.ended, c.id AS credential_key, CASE WHEN a.told = 0 OR NOT m.credential THEN 'no row that is believed names it' END AS left_out,
           CASE WHEN a.untold > 0 OR l.id IS NOT NULL THEN 'otherwise: as far as the events tell that are not left out' WHEN a.issues > 1 THEN 'otherwise: it is issued more than once, and which came first is not certain'
                ELSE 'carried' END AS fate,
           -- The stated end is proven only where every revocation is told.
           p.revocations_complete AND NOT m.revocations AND NOT a.ended AS unsure
    FROM credential c
    JOIN about a USING (id)
    JOIN run r ON r.run = c.run
    -- What a snapshot lists of it is in no event.
    LEFT JOIN (SELECT l.id FROM fact.credential l JOIN run r USING (run) WHERE r.kind = 'ingested') l ON l.id = c.id
    JOIN fact.log_profile p ON p.name = r.profile
    CROSS JOIN claim m
)
SELECT credential_key, left_out, 'carried' AS id, fate AS kind,
       CASE WHEN issuer IS NOT NULL THEN fate END AS issuer,
       CASE WHEN holder IS NOT NULL THEN fate END AS holder,
       CASE WHEN task IS NOT NULL THEN fate END AS task,
       CASE WHEN scope_set IS NOT NULL THEN 'lost: rows of events have no room for sets of permissions' END AS scope_set,
       CASE WHEN resolved = 'unknown' THEN NULL WHEN issues = 0 THEN 'lost: it is told of credentials that are issued' ELSE fate END AS resolved, CASE WHEN binding <> 'unknown' THEN fate END AS binding,
       CASE WHEN enforced IS NOT NULL THEN fate END AS enforced,
       fate AS from_lo, fate AS from_hi,
       CASE WHEN fate = 'carried' AND unsure THEN 'otherwise: it is proven to live until its last use only, because not every revocation is told' ELSE fate END AS to_lo,
       fate AS to_hi, fate AS basis
FROM judged;
