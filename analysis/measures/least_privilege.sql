-- title: Least-privilege error
-- question: Which share of what agents were permitted did they not need, which share of what they needed were they refused, and what would rules have got wrong that allow just what was used before?
-- unit: percent of permissions | over_privilege; percent of what work asked for | under_privilege
-- grain: run, part, stat
-- unfinished: learnt from the window's first learning_percent, to the nearest whole day where it has two days or more, tried on the rest of it; a request falls into the part in which it begins
-- assumes: a permission is an identity and what it may do: an access level on a group of resources
-- assumes: each counts once, by however many credentials, and every one alike, so that a wildcard is all that it opens. over_privilege: of what is permitted at any time of the later part, those that nothing asked for there. granted: what agents hold then
-- assumes: obtainable: that, and what an issuer grants without a human who inspects
-- assumes: learnt: just what they had used in the earlier part, as if that and no more had been allowed
-- assumes: where the window has less than two days, or days differ, as those of a week do, the parts are of other hours, and what is only done at some of them counts as new, or as not needed any more, though nothing changed. What is granted is asked of the same later part, so that it compares with what is learnt: it moves with learning_percent too. under_privilege: of the requests of the later part, in granted those that were refused, given up, or never reached because of that, in learnt those that nothing used before had taught. What was let through counts as permitted. The two are to be read together, for whoever grants all, or nothing, has one of them at 0. unused_permissions asks for over_privilege credential by credential, over the whole window
-- assumes: work_done and approval_value count refusals by the task and by the approver. What is issued for a call is needed by it, however briefly, so that over_privilege of granted ranks no control model, and time is weighed by privilege_hours. What agents that were abandoned did and have left is left out. On a log requests are calls that were let through, of which any may be an attacker's, and count or not, where it names no tasks
-- assumes: and what was refused may be anybody's: granted has no under_privilege there. A call that does not say whose it was or what it touched may be any, and one of which nobody knows whether it was let in may not count, or show one permission more
-- assumes: where calls may be lost, they may have taught anything, and nothing granted is certainly not needed
-- untold: whether what was refused was work | granted under_privilege
-- parameter: learning_percent = 50 in (0, 100) | percent of the window that is learnt from
-- source: Sanders and Yue, Minimizing Privilege Assignment Errors in Cloud Services (CODASPY 2018), and Mining Least Privilege Attribute Based Access Control Policies (ACSAC 2019): over- and under-privilege (OPR, UPR) of rules from the log of one period, in a later one; their simplest rules, which allow what was used
WITH parted AS (
    -- Of several days both parts have whole ones: at other hours other things are done.
    SELECT *, (epoch_us(t1) - epoch_us(t0)) / 8.64e10 AS days, days * $learning_percent / 100 AS share,
           CASE WHEN days >= 2 THEN greatest(1, least(floor(days) - 1, round(share))) ELSE share END AS learning_days,
           t0 + to_microseconds((learning_days * 8.64e10)::BIGINT) AS cut,
           sees_every_event AND sees_touch AS every_call, NOT on_truth() AS of_log
    FROM run
), tried AS (
    -- What only a log leaves open: whose a call was, what it touched, whether it was let in.
    SELECT e.run, e.principal, e.atom, e.time < p.cut AS early, count(*) AS calls, e.principal IS NULL OR e.atom IS NULL AS untold
    FROM bare_event e JOIN parted p USING (run)
    WHERE p.of_log AND e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND (e.decision IS NULL OR e.principal IS NULL OR e.atom IS NULL)
      AND e.time >= p.t0 AND e.time < p.t1
    GROUP BY ALL
), called AS (
    -- Of a log that tells how long calls take, one that has no length is none of the plan's; of one that names no tasks, any may be none.
    SELECT n.run, n.principal, n.atom, n.starts < p.cut AS early, n.met, (n.ends IS NOT NULL OR NOT p.sees_need) AND (p.sees_tasks OR NOT p.of_log) AS sure, count(*) AS calls
    FROM need n JOIN parted p USING (run)
    WHERE n.principal IS NOT NULL AND n.met IS NOT NULL AND n.starts >= p.t0 AND n.starts < p.t1
    GROUP BY ALL
    UNION ALL
    SELECT run, principal, atom, early, true, false, calls FROM tried WHERE NOT untold
), untold AS (
    SELECT run, coalesce(sum(calls) FILTER (early), 0)::BIGINT AS earlier, coalesce(sum(calls) FILTER (NOT early), 0)::BIGINT AS later
    FROM tried WHERE untold GROUP BY run
), pair AS (
    SELECT c.run, c.principal, c.atom, coalesce(bool_or(c.sure) FILTER (c.early AND c.met), false) AS learnt,
           coalesce(bool_or(c.early AND c.met), false) AS may_be_learnt,
           coalesce(sum(c.calls) FILTER (c.sure AND NOT c.early), 0)::BIGINT AS requests,
           coalesce(sum(c.calls) FILTER (NOT c.sure AND NOT c.early), 0)::BIGINT AS may_be_requests,
           coalesce(sum(c.calls) FILTER (NOT c.met AND NOT c.early), 0)::BIGINT AS refused, requests > refused AS let_in
    FROM called c ANTI JOIN gone g ON g.run = c.run AND g.principal = c.principal
    GROUP BY c.run, c.principal, c.atom
), given AS (
    SELECT h.run, unnest(['granted', 'obtainable']) AS part, h.holder AS principal, h.atom,
           h.bound <> 'hi' AND h.starts IS NOT NULL AND h.ends IS NOT NULL AS sure, true AS unasked
    FROM by_somebody('held_once') h JOIN parted p USING (run)
    WHERE (h.scope_known OR h.bound <> 'hi') AND coalesce(h.ends > p.cut, true)
    UNION ALL
    SELECT i.run, 'obtainable', i.principal, i.atom, i.bound <> 'hi', true
    FROM issuable_once i JOIN parted p USING (run)
    WHERE NOT i.unasked AND NOT i.guarded AND i.ends > p.cut
    UNION ALL
    -- What may have been let in may have been permitted, and was asked for then.
    SELECT run, unnest(['granted', 'obtainable']), principal, atom, let_in, false FROM pair WHERE let_in OR may_be_requests > 0
    UNION ALL
    SELECT run, 'learnt', principal, atom, learnt, true FROM pair WHERE may_be_learnt
), permitted AS (
    SELECT run, part, principal, atom, bool_or(sure) AS sure, bool_or(unasked) AS unasked FROM given GROUP BY ALL
), asked_for AS (
    -- What may have been asked for in the later part, by whoever it was; anything, where a call does not say it.
    SELECT run, atom FROM pair WHERE requests + may_be_requests > 0
    UNION ALL
    SELECT run, atom FROM tried WHERE untold AND NOT early
), judged AS (
    SELECT m.run, m.part, m.sure, m.unasked, coalesce(q.requests > 0, false) AS needed, coalesce(q.requests + q.may_be_requests > 0, false)
           -- Who is not known may be anybody.
           OR (m.principal < -1 AND EXISTS (FROM asked_for n WHERE n.run = m.run AND coalesce(n.atom, m.atom) = m.atom)) AS may_be_needed
    FROM permitted m LEFT JOIN pair q ON q.run = m.run AND q.principal = m.principal AND q.atom = m.atom
), counted AS (
    SELECT run, part, count(*) FILTER (sure) AS sure, count(*) FILTER (sure AND NOT may_be_needed) AS idle, count(*) FILTER (unasked AND NOT needed) AS may_be_idle,
           count(*) FILTER (sure AND needed) AS needed, count(*) FILTER (NOT sure AND may_be_needed) AS may_be_needed, count(*) FILTER (NOT sure) AS vague,
           count(*) FILTER (sure AND NOT needed AND may_be_needed) AS tried
    FROM judged GROUP BY run, part
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY run, may_be_learnt ORDER BY requests DESC) AS place FROM pair
), asked AS (
    -- A call in the earlier part that does not say so has taught one permission more, at best what was asked for most.
    SELECT q.run, sum(q.requests)::BIGINT AS requests, sum(q.refused)::BIGINT AS refused, sum(q.may_be_requests)::BIGINT AS may_be_requests,
           count(*) FILTER (q.may_be_learnt) AS learnt, count(*) FILTER (q.may_be_learnt AND NOT q.learnt AND q.requests > 0) AS doubtful,
           count(*) FILTER (NOT q.may_be_learnt AND q.requests + q.may_be_requests > 0) AS beyond,
           coalesce(sum(q.requests) FILTER (NOT q.may_be_learnt AND q.place > coalesce(u.earlier, 0)), 0)::BIGINT AS missed,
           coalesce(sum(q.requests) FILTER (NOT q.learnt), 0)::BIGINT AS may_be_missed,
           coalesce(sum(q.may_be_requests) FILTER (NOT q.learnt), 0)::BIGINT AS tried_and_missed,
           coalesce(sum(q.may_be_requests) FILTER (q.may_be_learnt OR u.earlier > 0), 0)::BIGINT AS tried_and_taught
    FROM ranked q LEFT JOIN untold u USING (run) GROUP BY q.run
), told AS (
    SELECT p.run, p.of_log, p.every_call, p.sees_credentials, p.sees_scope, p.sees_every_credential AND s.run IS NULL AS all_known,
           coalesce(s.credentials, 0) AS unscoped, coalesce(COLUMNS(u.* EXCLUDE (run)), 0), coalesce(COLUMNS(a.* EXCLUDE (run)), 0)
    FROM parted p
    LEFT JOIN unscoped s USING (run)
    LEFT JOIN untold u USING (run)
    LEFT JOIN asked a USING (run)
), over AS (
    SELECT t.*, g.part, CASE g.part WHEN 'learnt' THEN t.earlier ELSE 0 END AS more, coalesce(COLUMNS(c.* EXCLUDE (run, part)), 0),
           CASE g.part WHEN 'learnt' THEN t.every_call ELSE t.sees_credentials END AS seen,
           CASE g.part WHEN 'learnt' THEN t.every_call WHEN 'granted' THEN t.all_known ELSE t.all_known AND t.sees_scope END AS whole
    FROM told t
    CROSS JOIN (SELECT unnest(['granted', 'obtainable', 'learnt']) AS part) g
    LEFT JOIN counted c ON c.run = t.run AND c.part = g.part
), shares AS (
    SELECT run, part, 'over_privilege' AS stat, seen, whole AND every_call AS whole,
           -- A call leaves open no more than what it may have asked for.
           CASE WHEN every_call
                THEN CASE WHEN sure > 0 THEN greatest(idle - later, 0) / (sure + may_be_needed + least(more, beyond))
                          WHEN may_be_needed > 0 OR (more > 0 AND beyond > 0) THEN 0
                          WHEN vague + more > 0 THEN (later = 0)::INTEGER END
                WHEN all_known AND sure + vague > 0 THEN 0 END AS least,
           CASE WHEN whole AND may_be_idle + more + needed > 0 THEN (may_be_idle + more) / (may_be_idle + more + needed)
                WHEN whole AND vague > 0 THEN 0 END AS most,
           vague + tried + more + CASE part WHEN 'learnt' THEN 0 ELSE unscoped END + CASE WHEN may_be_idle + more > 0 OR (needed = 0 AND part <> 'learnt') THEN later ELSE 0 END AS unknowns
    FROM over
    UNION ALL
    SELECT run, 'learnt', 'under_privilege', every_call, true,
           CASE WHEN requests > 0 THEN missed / (requests + tried_and_taught + CASE WHEN learnt + earlier > 0 THEN later ELSE 0 END)
                WHEN tried_and_taught > 0 OR (later > 0 AND learnt + earlier > 0) THEN 0
                WHEN may_be_requests + later > 0 THEN 1 END,
           CASE WHEN requests + tried_and_missed + later > 0 THEN (may_be_missed + tried_and_missed + later) / (requests + tried_and_missed + later)
                WHEN may_be_requests > 0 THEN 0 END,
           may_be_requests + later + doubtful + CASE WHEN may_be_missed + tried_and_missed + later > 0 THEN earlier ELSE 0 END
    FROM told
    UNION ALL
    SELECT run, 'granted', 'under_privilege', NOT of_log, true, refused / nullif(requests, 0), refused / nullif(requests, 0), 0 FROM told
)
SELECT run, part, stat, CASE WHEN seen THEN 100 * least END AS lo, CASE WHEN seen THEN 100 * most END AS hi,
       unknowns + CASE WHEN seen AND whole THEN 0 ELSE 1 END AS unknowns
FROM shares ORDER BY run, part, stat
