-- title: Human reach
-- question: When an agent did something privileged, was there a way to a human who would have answered, and how long would that have taken?
-- unit: percent of privileged uses | *_percent; minutes | *_minutes
-- grain: run, chain, stat
-- unfinished: whoever is not there by the window's end has not been reached for so long at least; a median that falls on such a one has no hi
-- assumes: privileged is write or permissions on a tier-3 group
-- assumes: a use counts when it begins in the window, an attacker's too
-- assumes: it is asked about as of when somebody first took up the approval of its own that it rests on, or else as of the use. owner: the owner or the second person that is entered for the agent is there, or anybody of a team that is, and the entry is right
-- assumes: on_call: whoever is on call is
-- assumes: either: one of them. reached_p50_minutes: until the first of them is there, the owner in working hours, queues aside. On a log, entries of its snapshot may all be right, nobody knows the rota, and a human's answer proves one reached
-- assumes: in a replay of a real log nobody knows either. There a use of unknown outcome may count or not, also one that does not say what it touched, and one that names nobody may be of somebody who had a way
-- assumes: of an answer that does not say how long it took, the approval may have been taken up at any time since it was first asked for
-- assumes: one that does not say to which action or by which approval, who was asked or whether anybody answered may be to any use that it fits, and by anybody
-- pool: observations | limits
-- source: an escalation path for every action: the share of actions with a valid path, and the time to reach a human, right-censored
WITH jewel AS (
    SELECT run, atom FROM catalogue WHERE is_jewel(tier, level)
), used AS (
    -- Of a call of unknown outcome that does not say what it touched it may have been any.
    SELECT e.run, e.id, e.principal, e.time, e.action, e.approval, e.decision IS NULL AS doubtful,
           r.t1, r.kind = 'ingested' AS sparse
    FROM bare_event e
    JOIN run r USING (run)
    LEFT JOIN (SELECT run, min(atom) AS atom FROM jewel GROUP BY run) o ON o.run = e.run AND e.decision IS NULL AND r.kind = 'ingested'
    SEMI JOIN jewel k ON k.run = e.run AND k.atom = coalesce(e.atom, o.atom)
    WHERE e.kind = 'use' AND e.decision IS DISTINCT FROM 'deny' AND e.time >= r.t0 AND e.time < r.t1
), requested AS (
    SELECT run, action, min(time) AS time FROM bare_event WHERE kind = 'request_approval' AND action IS NOT NULL GROUP BY run, action
), answer AS (
    -- When it was taken up, or, where a log does not tell, from its first request until it was answered, and by whom that may have been: the
    -- owner or second (1), who is on call (2), anybody else (4).
    SELECT a.run, a.approval, a.action, a.reason IS NOT NULL AS by_human, a.time - to_microseconds(coalesce(a.duration, 0)) AS latest,
           CASE WHEN a.duration IS NULL AND r.kind = 'ingested' THEN coalesce(q.time, '-infinity'::TIMESTAMP) ELSE latest END AS earliest,
           CASE WHEN a.asked IN ('owner', 'second') THEN 1 WHEN a.asked = 'on_call' THEN 2 WHEN a.asked IS NULL THEN 7 ELSE 4 END AS whom
    FROM bare_event a
    JOIN run r USING (run)
    LEFT JOIN requested q ON q.run = a.run AND q.action = a.action AND q.time <= a.time
    WHERE a.kind = 'decide_approval' AND coalesce(a.reason = 'approver', r.kind = 'ingested')
), perhaps_own AS (
    -- Answers to approvals of uses' own, and those that may be, for all they say.
    SELECT u.run, u.id, a.earliest, a.latest, a.whom, a.by_human AND a.action = u.action AS surely
    FROM used u JOIN answer a ON a.run = u.run AND a.approval = u.approval
    WHERE a.action = u.action OR (u.sparse AND (a.action IS NULL OR u.action IS NULL))
    UNION ALL
    SELECT u.run, u.id, a.earliest, a.latest, a.whom, false
    FROM used u
    JOIN (SELECT run, min(earliest) AS earliest, max(latest) AS latest, bit_or(whom) AS whom FROM answer WHERE approval IS NULL GROUP BY run) a USING (run)
    WHERE u.sparse AND u.approval IS NOT NULL
), taken_up AS (
    -- When the first of them was, and by whom all that may be.
    SELECT run, id, min(earliest) AS earliest, min(latest) FILTER (surely) AS latest, max(latest) AS at_last, bit_or(whom) AS whom
    FROM perhaps_own GROUP BY run, id
), moments AS (
    SELECT u.run, u.id, u.principal, u.doubtful, u.t1, CASE WHEN t.latest IS NULL THEN least(t.earliest, u.time) ELSE t.earliest END AS earliest,
           coalesce(t.latest, greatest(t.at_last, u.time)) AS latest, CASE WHEN t.latest IS NULL THEN coalesce(t.whom, 0) | 4 ELSE t.whom END AS whom
    FROM used u LEFT JOIN taken_up t USING (run, id)
), acting AS (
    SELECT DISTINCT run, principal FROM used WHERE principal IS NOT NULL
), reachable AS (
    FROM reach SEMI JOIN acting USING (run, principal)
    UNION ALL
    -- Whoever is on call is so for every agent.
    SELECT p.* REPLACE (u.principal AS principal) FROM reach p JOIN acting u USING (run) WHERE p.principal IS NULL
), chains(chain, who) AS (
    VALUES ('owner', 1), ('on_call', 2), ('either', 3)
), path AS (
    -- An entry that ends before it begins, as of somebody who left a team before that was entered, leads to nobody.
    SELECT DISTINCT run, principal, unnest([CASE asked WHEN 'on_call' THEN 'on_call' ELSE 'owner' END, 'either']) AS chain,
           asked = 'on_call' AS any_hour, bound, starts, ends
    FROM reachable WHERE coalesce(starts < ends, true)
), span AS (
    SELECT run, min(latest) AS t0, max(t1) AS t1 FROM moments GROUP BY run
), present AS (
    -- A log does not tell when people work.
    SELECT run, principal, chain, starts, ends FROM path WHERE any_hour OR bound <> 'exact'
    UNION ALL
    SELECT p.run, p.principal, p.chain, greatest(p.starts, o.opens), least(p.ends, o.closes)
    FROM path p JOIN opening_hours('span') o ON o.run = p.run AND o.opens < p.ends AND o.closes > p.starts
    WHERE NOT p.any_hour AND p.bound = 'exact'
), begins AS (
    -- Where a way begins, or somebody comes; before all of them nobody is there yet.
    SELECT DISTINCT run, principal, chain, '-infinity'::TIMESTAMP AS since, NULL::TIMESTAMP AS leads_until, NULL::TIMESTAMP AS there_until,
           starts IS NULL AS unknown
    FROM path
    UNION ALL
    SELECT run, principal, chain, starts, ends, NULL, false FROM path WHERE starts IS NOT NULL
    UNION ALL
    SELECT p.run, p.principal, p.chain, p.starts, NULL, p.ends, false FROM present p JOIN span s ON s.run = p.run AND p.starts < s.t1
), instants AS (
    SELECT DISTINCT run, principal, since FROM begins
), line AS (
    -- From one of them to the next: until when a way that has begun leads to somebody, or somebody who has come is there, and who comes next.
    SELECT i.run, i.principal, i.since, c.chain, max(max(b.leads_until)) OVER upto AS leads_until, max(max(b.there_until)) OVER upto AS there_until,
           lead(CASE WHEN count(b.there_until) > 0 THEN i.since END IGNORE NULLS) OVER upto AS next, bool_or(bool_or(b.unknown)) OVER upto AS unknown
    FROM instants i CROSS JOIN chains c LEFT JOIN begins b USING (run, principal, since, chain)
    GROUP BY i.run, i.principal, i.since, c.chain
    WINDOW upto AS (PARTITION BY i.run, i.principal, c.chain ORDER BY i.since ROWS UNBOUNDED PRECEDING)
), placed AS (
    SELECT m.*, i.since FROM moments m ASOF LEFT JOIN instants i ON i.run = m.run AND i.principal = m.principal AND i.since <= m.latest
), asked AS (
    -- Whether a human is proven reached, on a log, and what else hangs on what it does not tell. Entries of a log are at most right, so
    -- they count as of any moment there may be.
    SELECT m.run, m.id, c.chain, c.who, b.bound, m.doubtful, m.latest, m.t1,
           CASE b.bound WHEN 'lo' THEN m.whom & (7 - c.who) = 0 WHEN 'hi' THEN m.whom & c.who <> 0 ELSE false END AS proven,
           b.bound <> 'exact' AND NOT proven AND (m.earliest < m.latest OR m.whom & c.who <> 0) AS untold,
           proven OR coalesce(w.leads_until > m.earliest, false) AS valid, m.principal IS NULL OR coalesce(w.unknown, false) AS unknown,
           CASE WHEN w.there_until > m.earliest THEN m.latest ELSE w.next END AS there
    FROM placed m CROSS JOIN chains c CROSS JOIN bounds b
    LEFT JOIN line w ON w.run = m.run AND w.principal = m.principal AND w.since = m.since AND w.chain = c.chain AND b.bound <> 'lo'
), timed AS (
    SELECT *, CASE WHEN proven THEN 0 ELSE epoch_us(there) - epoch_us(latest) END AS us,
           CASE WHEN unknown THEN 0 ELSE greatest(0, epoch_us(t1) - epoch_us(latest)) END AS so_far
    FROM asked
), observations AS (
    SELECT run, chain, min(coalesce(us, so_far)) FILTER (bound <> 'lo') / 60e6 AS lo, max(us) FILTER (bound <> 'hi') / 60e6 AS hi
    FROM timed ANTI JOIN (FROM run WHERE is_rebuilt(scenario)) USING (run) WHERE NOT doubtful GROUP BY run, id, chain
), waits AS (
    -- Most uses find somebody at once: those alike are told as one.
    SELECT run, who, narrow(bound) AS bound, doubtful, untold, CASE WHEN valid THEN true WHEN NOT unknown THEN false END AS valid,
           least(coalesce(us, so_far), so_far) AS soonest, coalesce(us, 'infinity'::DOUBLE) AS latest, count(*) AS uses
    FROM timed GROUP BY ALL
), let_in AS (
    SELECT run, who, bound, coalesce(sum(uses) FILTER (NOT doubtful), 0) AS sure FROM waits GROUP BY ALL
), ordered AS (
    -- Uses that may not have been let in (`doubtful`) make the median least if only those were that waited no longer than this one, and
    -- most if only those were that waited no less. With d of these and s others up to here, half are here where s + d >= (sure + d) / 2,
    -- which is 2 s + d >= sure.
    SELECT *, sum(if(doubtful, uses, 2 * uses)) OVER (PARTITION BY run, who, bound ORDER BY soonest ROWS UNBOUNDED PRECEDING) AS sooner,
           sum(if(doubtful, uses, 2 * uses)) OVER (PARTITION BY run, who, bound ORDER BY latest DESC ROWS UNBOUNDED PRECEDING) AS later
    FROM waits JOIN let_in USING (run, who, bound)
), totals AS (
    -- What a log allows is sooner than what it proves: its least time is that of its most paths.
    SELECT run, who, bound, least_percent_of(uses, valid, doubtful) AS least, most_percent_of(uses, valid, doubtful) AS most,
           sum(uses) FILTER (valid IS NULL OR doubtful OR untold) AS unknowns,
           min(soonest) FILTER (sooner >= sure) / 60e6 AS soonest, max(latest) FILTER (later > sure) / 60e6 AS latest
    FROM ordered GROUP BY run, who, bound
), valued AS (
    SELECT r.run, g.chain, s.stat, r.sees_every_event AND r.sees_touch AND r.sees_scope AND r.sees_cover AND r.sees_approvals
           AND NOT is_rebuilt(r.scenario) AS seen,
           proven(t.least, t.bound) AS least, at_most(t.most, t.bound) AS most, max(t.unknowns) AS unknowns,
           at_most(t.soonest, t.bound) AS soonest, proven(t.latest, t.bound) AS latest
    FROM run r
    CROSS JOIN chains g
    CROSS JOIN (SELECT unnest(['valid_percent', 'reached_p50_minutes']) AS stat) s
    LEFT JOIN totals t ON t.run = r.run AND t.who = g.who
    GROUP BY ALL
)
SELECT run, chain, stat, CASE WHEN seen THEN CASE stat WHEN 'valid_percent' THEN least ELSE soonest END END AS lo,
       CASE WHEN seen THEN CASE WHEN stat = 'valid_percent' THEN most WHEN isfinite(latest) THEN latest END END AS hi,
       CASE WHEN seen THEN coalesce(unknowns, 0)::BIGINT ELSE 1 END AS unknowns
FROM valued ORDER BY run, chain, stat
