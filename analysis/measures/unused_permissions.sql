-- title: Unused permissions
-- question: Which share of the permissions that credentials carry is not used in the window, and which part of all that they carry is lent to services?
-- unit: percent of permissions granted
-- grain: run, keys
-- unfinished: what is used only after the window counts as unused
-- assumes: a permission is what one credential opens of the catalogue, an access level on a group of resources, at any time of the window
-- assumes: every one alike
-- assumes: each credential's its own. Used is what a call by that credential was let through to, an attacker's too, which no log tells apart. static_keys: of static keys and access keys
-- assumes: others: of all else
-- assumes: all: of both, and of what kind nobody knows, which may be of either
-- assumes: static_keys and others have no value where all that is known of them is of unknown kind. lent_to_services: which part of all permissions, used or not, lies with credentials that a service asked for, whose use of them no log need show, and is counted in no other row. A window is a fixed cut: whatever lives shorter is judged by its own life, and one token with ten permissions looks worse than ten with one
-- assumes: it says what to take away and never ranks control models, for which dormancy and privilege_hours weigh time. On a log that may lose calls nothing is certainly unused
-- assumes: a call that does not say by which credential or what it touched may be the use of any, and one of which nobody knows whether it was let in that of what it names. What a log keeps only where somebody chose so, as a trail of AWS does data events, may have been used unseen: of what opens that nothing is certainly unused, and where credentials may be hidden nothing is proven of the share. What a credential carries under a condition, or may have carried outside the window, counts at most
-- source: permissions gap: permissions granted less permissions used, over permissions granted (Microsoft, 2023 State of Cloud Permissions Risks Report)
WITH given AS (
    SELECT run, credential, atom, bool_or(bound <> 'hi' AND starts IS NOT NULL AND ends IS NOT NULL) AS certain
    FROM held_once WHERE scope_known OR bound <> 'hi' GROUP BY run, credential, atom
), calls AS (
    SELECT e.run, e.credential, e.atom, coalesce(bool_or(e.decision = 'allow'), false) AS used, count(*) AS calls
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1 GROUP BY ALL
), carried_perhaps AS (
    FROM given
    UNION ALL
    -- What is known to be carried only from its use, if that was let in: for no time, if that was one.
    SELECT c.run, c.credential, c.atom, false
    FROM calls c SEMI JOIN (FROM resolution WHERE NOT scope_known OR (asks AND NOT snapshot) OR vague) q ON q.run = c.run AND q.id = c.credential
    ANTI JOIN given USING (run, credential, atom)
    WHERE c.atom IS NOT NULL
), untold AS (
    SELECT run, sum(calls)::BIGINT AS calls FROM calls WHERE credential IS NULL OR atom IS NULL GROUP BY run
), permission AS (
    -- A use proves what is used, but for what an abandoned agent may hold.
    SELECT g.run, CASE WHEN s.run IS NOT NULL THEN 'lent_to_services' WHEN c.kind = 'unknown' THEN 'unsorted'
                       WHEN is_standing_key(c.kind) THEN 'static_keys' ELSE 'others' END AS keys,
           coalesce(u.used, false) AND a.run IS NULL AS used,
           NOT (coalesce(u.used, false) AND a.run IS NULL) AND (u.run IS NOT NULL OR n.run IS NOT NULL) AS may_be_used,
           (coalesce(u.used, false) AND a.run IS NULL) OR g.certain AS certain
    FROM carried_perhaps g
    JOIN credential c ON c.run = g.run AND c.id = g.credential
    LEFT JOIN calls u ON u.run = g.run AND u.credential = g.credential AND u.atom = g.atom
    LEFT JOIN unseen_use n ON n.run = g.run AND n.atom = g.atom
    LEFT JOIN lent_to_service s ON s.run = g.run AND s.credential = g.credential
    LEFT JOIN perhaps_abandoned a ON a.run = g.run AND c.holder IS NULL
), counted AS (
    SELECT run, keys, count(*) FILTER (used) AS used, count(*) FILTER (certain AND NOT used) AS unused,
           count(*) FILTER (certain AND NOT used AND NOT may_be_used) AS idle, count(*) FILTER (may_be_used) AS may_be_used,
           count(*) FILTER (NOT used) AS may_be_unused, count(*) FILTER (NOT certain) AS open
    FROM (FROM permission UNION ALL SELECT * REPLACE ('all' AS keys) FROM permission WHERE keys <> 'lent_to_services') GROUP BY run, keys
), told AS (
    SELECT r.run, k.keys, coalesce(COLUMNS(c.* EXCLUDE (run, keys)), 0), r.sees_credentials AS seen, r.run NOT IN (SELECT run FROM unseen_use) AS every_use,
           r.sees_every_credential AND u.run IS NULL AS all_known, coalesce(u.credentials, 0) AS unscoped, coalesce(m.calls, 0) AS untold
    FROM run r
    CROSS JOIN (SELECT unnest(['all', 'static_keys', 'others', 'unsorted', 'lent_to_services']) AS keys) k
    LEFT JOIN counted c ON c.run = r.run AND c.keys = k.keys
    LEFT JOIN unscoped u ON u.run = r.run
    LEFT JOIN untold m ON m.run = r.run
), sorted AS (
    -- Of what kind nobody knows may be of either, as far as it was used and as far as it was not.
    SELECT t.* EXCLUDE (open), x.used + x.may_be_used AS or_used, x.may_be_unused AS or_unused, t.open + x.used + x.may_be_unused AS open
    FROM told t JOIN told x ON x.run = t.run AND x.keys = 'unsorted' WHERE t.keys IN ('static_keys', 'others')
    UNION ALL
    SELECT * EXCLUDE (open), 0, 0, open FROM told WHERE keys = 'all'
), shares AS (
    SELECT run, keys, seen, all_known OR every_use AS whole, all_known,
           -- A call leaves open no more than what it may have used.
           open + unscoped + may_be_used + CASE WHEN may_be_unused + or_unused > 0 THEN untold ELSE 0 END AS unknowns,
           -- Where nothing is certain, whatever there is is unused, unless a call that does not say so was its use.
           CASE WHEN unused + used > 0 THEN greatest(idle - untold, 0) / (idle + used + may_be_used + or_used)
                WHEN or_used + or_unused = 0 AND may_be_unused > 0 THEN (untold + may_be_used = 0)::INTEGER END AS least,
           CASE WHEN unused + used > 0 OR or_used + or_unused = 0 THEN (may_be_unused + or_unused) / nullif(may_be_unused + or_unused + used, 0) END AS most
    FROM sorted
    UNION ALL
    SELECT s.run, s.keys, s.seen, s.all_known, s.all_known, s.open + a.open + s.unscoped,
           CASE WHEN s.unused + s.used + a.may_be_unused + a.used > 0 THEN (s.unused + s.used) / (s.unused + s.used + a.may_be_unused + a.used) WHEN s.may_be_unused > 0 THEN 1 END,
           CASE WHEN s.may_be_unused + s.used + a.unused + a.used > 0 THEN (s.may_be_unused + s.used) / (s.may_be_unused + s.used + a.unused + a.used) WHEN a.may_be_unused > 0 THEN 0 END
    FROM told s JOIN told a ON a.run = s.run AND a.keys = 'all' WHERE s.keys = 'lent_to_services'
)
SELECT run, keys,
       -- A credential that the log never shows may have used what it may not show.
       CASE WHEN seen AND whole THEN 100 * least END AS lo, CASE WHEN seen AND all_known THEN 100 * most END AS hi, unknowns
FROM shares ORDER BY run, keys
