-- title: Dormancy
-- question: For which share of the time that a permission is held has it not been used for longer than this, and how long is it until an identity uses one again?
-- unit: percent of permission-hours held | idle_*; seconds | next_use_*
-- grain: run, stat
-- unfinished: what is idle at the window's end is cut there; a use that was not followed by then is right-censored (Kaplan and Meier 1958), and a quantile that the curve does not reach has no hi, and lo is the longest time observed
-- assumes: idle_for_*: of every moment of the window and every permission of a credential that some verifier accepts then, those that came more than that after the last use of it by that credential, or after the credential came to be where it had not been used
-- assumes: every permission alike. What was used before the run or the log began nobody knows: at least nothing is idle for longer than since then, and at most what has not been used since has not been since its credential began. A cut is 0 for whatever lives shorter than it, and each new credential begins afresh: no cut compares models with other lifetimes; next_use does, for it asks of the identity
-- assumes: next_use_p50, next_use_p95: of uses in the window, until the identity uses the same permission again, by whatever credential
-- assumes: they begin in the window, so that nothing has to be truncated on the left. A call of which nobody knows whether it was let in may be a use, of anything where it does not say of what: at least what is idle is so with each of them, and at most without any
-- assumes: next_use_p50, next_use_p95: such a call may begin a wait and end another, or neither, and so may one that does not say who made it, of any identity, and no curve that this allows says less than lo or more than hi
-- assumes: where no use is certain there is no value. On a log that may not show all uses, nothing is certainly idle
-- assumes: where it does not show all that is held, anything between nothing and all of it may be
-- pool: observations | kaplan-meier
-- source: S(D) = sum of (G - D)+ over sum of G for gaps G between uses: a share of time, so biased by length on purpose
WITH unsaid AS (
    -- Calls of which nobody knows whether they were let in, and a log does not say what they touched either; `calls`: how many of an identity
    -- there are at that instant.
    SELECT e.run, e.principal, e.credential, e.time, count(*) OVER (PARTITION BY e.run, e.principal, e.time) AS calls
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'use' AND e.decision IS NULL AND e.atom IS NULL AND r.kind = 'ingested' AND r.sees_touch
), uses AS (
    -- One of which nobody knows whether it was let in may be one or not. `of_any`: how many calls of that instant
    -- may each be one of this or any other atom; 0 of one that says of which.
    SELECT run, principal, credential, atom, time, coalesce(decision = 'allow', false) AS sure, 0 AS of_any FROM bare_event
    WHERE kind = 'use' AND decision IS DISTINCT FROM 'deny' AND atom IS NOT NULL
    UNION ALL
    SELECT u.run, u.principal, u.credential, k.atom, u.time, false, u.calls FROM unsaid u JOIN catalogue k USING (run)
), spans AS (
    SELECT row_number() OVER () AS span, h.run, h.credential, h.atom, h.bound, greatest(h.since, r.begins) AS since, h.since AS began, h.ends, h.t0
    -- Where of one it is not known what it opens, nothing is said of any; to look at whatever that may be would take long.
    FROM held_once h JOIN run r USING (run) WHERE h.scope_known
), moments AS (
    SELECT span, run, bound, since AS time, began AS unused, ends, t0 FROM spans
    UNION ALL
    SELECT s.span, s.run, s.bound, u.time, CASE WHEN u.sure THEN u.time END, s.ends, s.t0
    FROM spans s JOIN uses u ON u.run = s.run AND u.credential = s.credential AND u.atom = s.atom AND u.time > s.since AND u.time < s.ends
), gaps AS (
    -- Since when each is at the latest, and since when there may have been no use.
    SELECT run, bound, time AS starts, max(unused) OVER (so_far ROWS UNBOUNDED PRECEDING) AS unused, lead(time, 1, ends) OVER so_far AS ends, t0
    FROM moments WINDOW so_far AS (PARTITION BY span ORDER BY time)
), lengths AS (
    -- How long each is and may be, as far as the longest limit asks, and how much of it lies in the window. There is none between
    -- uses at one instant.
    SELECT run, bound, epoch_us(ends) - epoch_us(greatest(starts, t0 - INTERVAL 90 DAY)) AS us,
           epoch_us(ends) - epoch_us(greatest(unused, t0 - INTERVAL 90 DAY)) AS may_us,
           epoch_us(ends) - epoch_us(greatest(starts, t0)) AS inside_us
    FROM gaps WHERE ends > t0 AND ends > starts
), limits AS (
    FROM (VALUES ('1_min', INTERVAL 1 MINUTE), ('1_hour', INTERVAL 1 HOUR), ('1_day', INTERVAL 1 DAY), ('7_days', INTERVAL 7 DAY),
                 ('90_days', INTERVAL 90 DAY)) AS l(name, cut)
), shares AS (
    SELECT g.run, g.bound, l.name, sum(g.inside_us) AS whole, count(*) FILTER (g.may_us > g.us) AS untold,
           sum(greatest(0, least(g.us - epoch_us(l.cut), g.inside_us))) AS idle,
           sum(greatest(0, least(g.may_us - epoch_us(l.cut), g.inside_us))) AS may_be_idle
    FROM lengths g CROSS JOIN limits l GROUP BY g.run, g.bound, l.name
), bounded AS (
    -- At least so much is idle of what may be held at most; at most so much of what is certainly held.
    SELECT run, name, proven(idle, bound) AS idle, at_most(may_be_idle, bound) AS may_be_idle, max(untold) FILTER (may_be_idle > idle) AS untold,
           proven(whole, bound) AS whole, at_most(whole, bound) AS may_be_whole
    FROM (SELECT s.run, b.bound, s.name, sum(s.idle) AS idle, sum(s.may_be_idle) AS may_be_idle, sum(s.whole) AS whole, sum(s.untold)::BIGINT AS untold
          FROM shares s JOIN counts_for b ON b.known = s.bound GROUP BY s.run, b.bound, s.name)
    GROUP BY run, name
), by_identity AS (
    -- Each use, the next call that may be one and the next that is one. Of those at one instant the last stands for all: it is sure if any is, and
    -- may be of any atom only if all may.
    FROM (SELECT run, principal, atom, time, sure, of_any, lead(time) OVER along AS tried, lead(CASE WHEN sure THEN time END IGNORE NULLS) OVER along AS used
          FROM uses WINDOW along AS (PARTITION BY run, principal, atom ORDER BY time, of_any DESC, sure))
    WHERE tried IS DISTINCT FROM time
), unnamed AS (
    FROM by_identity WHERE principal IS NULL
), named AS (
    FROM by_identity WHERE principal IS NOT NULL
), following AS (
    -- One that does not say who made it may be of any identity, or the same use.
    SELECT run, principal, time, sure, of_any, tried, used FROM named ANTI JOIN unnamed USING (run, atom)
    UNION ALL
    SELECT n.run, n.principal, n.time, n.sure, n.of_any, least(n.tried, u.time), n.used
    FROM (FROM named SEMI JOIN unnamed USING (run, atom)) n ASOF LEFT JOIN unnamed u ON u.run = n.run AND u.atom = n.atom AND u.time > n.time
    UNION ALL
    SELECT u.run, NULL, u.time, false, u.of_any, n.time, NULL
    FROM unnamed u ASOF LEFT JOIN (FROM by_identity SEMI JOIN unnamed USING (run, atom)) n ON n.run = u.run AND n.atom = u.atom AND n.time > u.time
), lasted AS (
    -- Each is over at the soonest with the one and at the latest with the other; what begins with a call that may be none may be none.
    SELECT f.run, f.principal, f.time, f.sure, f.of_any, coalesce(f.tried < r.t1, false) AS over_soon, coalesce(f.used < r.t1, false) AS over_late,
           (epoch_us(least(coalesce(f.tried, r.t1), r.t1)) - epoch_us(f.time)) / 1e6 AS soonest,
           (epoch_us(least(coalesce(f.used, r.t1), r.t1)) - epoch_us(f.time)) / 1e6 AS latest
    FROM following f JOIN run r USING (run) WHERE f.time >= r.t0 AND f.time < r.t1
), waits AS (
    SELECT run, sure, over_soon, over_late, soonest, latest FROM lasted WHERE of_any = 0
    UNION ALL
    -- A call that may be one of any atom begins one wait.
    SELECT * EXCLUDE (number)
    FROM (SELECT run, false, bool_or(over_soon), bool_and(over_late), min(soonest), max(latest), unnest(range(max(of_any)::BIGINT)) AS number
          FROM lasted WHERE of_any > 0 GROUP BY run, principal, time)
), observations AS (
    SELECT run, soonest AS lo, CASE WHEN over_late THEN latest END AS hi FROM waits WHERE sure
), times AS (
    SELECT run, 'use' AS part, sure, NULL::TIMESTAMP AS until, narrow('exact') AS bound, soonest AS seconds, over_soon AS observed
    FROM waits WHERE soonest = latest AND over_soon = over_late
    UNION ALL
    SELECT run, 'use', sure, NULL, narrow(unnest(['lo', 'hi'])), unnest([soonest, latest]), unnest([over_soon, over_late])
    FROM waits WHERE NOT (soonest = latest AND over_soon = over_late)
), quantiles AS (
    SELECT run, 'next_use_' || stat AS stat, lo, hi FROM survival('times', 0) WHERE stat IN ('p50', 'p95')
), known AS (
    -- What is held and not known, or not seen, may all be idle, or all be new.
    SELECT r.run, r.sees_credentials AS seen, r.sees_every_credential AND coalesce(v.credentials, 0) + coalesce(u.credentials, 0) = 0 AS whole,
           (coalesce(v.credentials, 0) + coalesce(u.credentials, 0) + coalesce(h.credentials, 0))::BIGINT AS unknowns
    FROM run r
    LEFT JOIN (SELECT run, max(credentials) AS credentials FROM unknown_validity GROUP BY run) v USING (run)
    LEFT JOIN unscoped u USING (run)
    LEFT JOIN unheld h USING (run)
), doubtful AS (
    SELECT u.run, count(*) AS calls
    FROM (SELECT run, time FROM by_identity WHERE of_any = 0 AND (NOT sure OR principal IS NULL) UNION ALL SELECT run, time FROM unsaid) u JOIN run r USING (run)
    WHERE u.time >= r.t0 AND u.time < r.t1 GROUP BY u.run
), open_ended AS (
    SELECT run, count(*) FILTER (hi IS NULL) AS uses FROM observations GROUP BY run
), valued AS (
    SELECT r.run, 'idle_for_' || l.name AS stat,
           CASE WHEN w.seen AND w.whole AND r.sees_every_event AND r.sees_touch THEN 100 * coalesce(b.idle, 0) / b.may_be_whole WHEN w.seen THEN 0 END AS lo,
           CASE WHEN w.seen AND w.whole THEN CASE WHEN b.may_be_whole IS NOT NULL THEN least(100, coalesce(100 * b.may_be_idle / b.whole, 100)) END
                WHEN w.seen THEN 100 END AS hi,
           w.unknowns + coalesce(b.untold, 0) AS unknowns
    FROM run r CROSS JOIN limits l JOIN known w USING (run)
    LEFT JOIN bounded b ON b.run = r.run AND b.name = l.name
    UNION ALL
    SELECT r.run, 'next_use_' || s.name, CASE WHEN r.sees_credentials AND r.sees_every_event AND r.sees_touch THEN q.lo END,
           CASE WHEN r.sees_credentials AND r.sees_every_event AND r.sees_touch THEN q.hi END,
           coalesce(o.uses, 0) + coalesce(d.calls, 0) + CASE WHEN r.sees_credentials AND r.sees_every_event AND r.sees_touch THEN 0 ELSE 1 END
    FROM run r CROSS JOIN (SELECT unnest(['p50', 'p95']) AS name) s
    LEFT JOIN quantiles q ON q.run = r.run AND q.stat = 'next_use_' || s.name
    LEFT JOIN open_ended o ON o.run = r.run
    LEFT JOIN doubtful d ON d.run = r.run
)
SELECT run, stat, lo, hi, unknowns FROM valued ORDER BY run, stat
