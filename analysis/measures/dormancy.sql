-- title: Dormancy
-- question: For which share of the time that a permission is held has it not been used for longer than this, and how long is it until an identity uses one again?
-- unit: percent of permission-hours held | idle_*; seconds | next_use_*
-- grain: run, stat
-- unfinished: what is idle at the window's end is cut there; a use that was not followed by then is right-censored (Kaplan and Meier 1958), and a quantile that the curve does not reach has no hi, and lo is the longest time observed
-- assumes: idle_for_N: of every moment of the window and every permission of a credential that some verifier accepts then, those that came more than N after the last use of it by that credential, or after the credential came to be where it had not been used; every permission alike. What was used before the run or the log began nobody knows: at least nothing is idle for longer than since then, and at most what has not been used since has not been since its credential began. A cut is 0 for whatever lives shorter than it, and each new credential begins afresh: no cut compares models with other lifetimes; next_use does, for it asks of the identity. next_use: of uses in the window, until the identity uses the same permission again, by whatever credential; they begin in the window, so that nothing has to be truncated on the left. A call of which nobody knows whether it was let in may be a use: at least what is idle is so with each of them, and at most without any; next_use: such a call may begin a wait and end another, or neither, and lo and hi are of the lowest and the highest curve that this allows; where no use is certain there is no value. On a log that may not show all uses, nothing is certainly idle; where it does not show all that is held, anything between nothing and all of it may be
-- pool: observations | kaplan-meier
-- source: S(D) = sum of (G - D)+ over sum of G for gaps G between uses: a share of time, so biased by length on purpose
WITH uses AS (
    -- One of which nobody knows whether it was let in may be one or not.
    SELECT run, principal, credential, atom, time, coalesce(bool_or(decision = 'allow'), false) AS sure FROM event
    WHERE kind = 'use' AND decision IS DISTINCT FROM 'deny' AND atom IS NOT NULL GROUP BY ALL
), spans AS (
    SELECT row_number() OVER () AS span, h.run, h.credential, h.atom, h.bound, greatest(h.since, r.begins) AS since, h.since AS began, h.ends, h.t0
    -- Where not all is known, nothing is said of any; to look at whatever may be held would take long.
    FROM held_once h JOIN run r USING (run) WHERE h.scope_known OR h.bound <> 'hi'
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
    -- How long each is and may be, as far as the longest limit asks, and how much of it lies in the window.
    SELECT run, bound, epoch_us(ends) - epoch_us(greatest(starts, t0 - INTERVAL 90 DAY)) AS us,
           epoch_us(ends) - epoch_us(greatest(unused, t0 - INTERVAL 90 DAY)) AS may_us,
           epoch_us(ends) - epoch_us(greatest(starts, t0)) AS inside_us
    FROM gaps WHERE ends > t0
), limits AS (
    SELECT unnest(['1_min', '1_hour', '1_day', '7_days', '90_days']) AS name
), shares AS (
    SELECT run, bound, unnest(['1_min', '1_hour', '1_day', '7_days', '90_days']) AS name, sum(inside_us) AS whole,
           count(*) FILTER (may_us > us) AS untold,
           unnest([idle_beyond(us, inside_us, INTERVAL 1 MINUTE), idle_beyond(us, inside_us, INTERVAL 1 HOUR), idle_beyond(us, inside_us, INTERVAL 1 DAY),
                   idle_beyond(us, inside_us, INTERVAL 7 DAY), idle_beyond(us, inside_us, INTERVAL 90 DAY)]) AS idle,
           unnest([idle_beyond(may_us, inside_us, INTERVAL 1 MINUTE), idle_beyond(may_us, inside_us, INTERVAL 1 HOUR), idle_beyond(may_us, inside_us, INTERVAL 1 DAY),
                   idle_beyond(may_us, inside_us, INTERVAL 7 DAY), idle_beyond(may_us, inside_us, INTERVAL 90 DAY)]) AS may_be_idle
    FROM lengths GROUP BY run, bound
), bounded AS (
    -- At least so much is idle of what may be held at most; at most so much of what is certainly held.
    SELECT run, name, proven(idle, bound) AS idle, at_most(may_be_idle, bound) AS may_be_idle, max(untold) FILTER (may_be_idle > idle) AS untold,
           proven(whole, bound) AS whole, at_most(whole, bound) AS may_be_whole
    FROM (SELECT s.run, b.bound, s.name, sum(s.idle) AS idle, sum(s.may_be_idle) AS may_be_idle, sum(s.whole) AS whole, sum(s.untold)::BIGINT AS untold
          FROM shares s JOIN counts_for b ON b.known = s.bound GROUP BY s.run, b.bound, s.name)
    GROUP BY run, name
), by_identity AS (
    SELECT run, principal, atom, time, bool_or(sure) AS sure FROM uses GROUP BY ALL
), following AS (
    -- The next call that may be a use, and the next that is one.
    SELECT run, time, sure, lead(time) OVER (PARTITION BY run, principal, atom ORDER BY time) AS tried,
           min(time) FILTER (sure) OVER (PARTITION BY run, principal, atom ORDER BY time ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS used
    FROM by_identity
), waits AS (
    -- Each is over at the soonest with the one and at the latest with the other; what begins with a call that may be none may be none.
    SELECT f.run, f.sure, coalesce(f.tried < r.t1, false) AS over_soon, coalesce(f.used < r.t1, false) AS over_late,
           (epoch_us(least(coalesce(f.tried, r.t1), r.t1)) - epoch_us(f.time)) / 1e6 AS soonest,
           (epoch_us(least(coalesce(f.used, r.t1), r.t1)) - epoch_us(f.time)) / 1e6 AS latest
    FROM following f JOIN run r USING (run) WHERE f.time >= r.t0 AND f.time < r.t1
), observations AS (
    SELECT run, soonest AS lo, CASE WHEN over_late THEN latest END AS hi FROM waits WHERE sure
), steps AS (
    -- At each time, how many last until then at least and at most, and of them how many are cut off there.
    SELECT run, seconds, count(*) FILTER (soon) AS may_end, count(*) FILTER (NOT soon AND sure) AS end_surely,
           count(*) FILTER (soon AND sure AND NOT over) AS leave_surely, count(*) FILTER (NOT soon AND NOT over) AS may_leave,
           count(*) FILTER (NOT soon AND sure AND NOT over) AS sure_may_leave,
           sum(count(*) FILTER (soon AND sure)) OVER above - count(*) FILTER (soon AND sure) + leave_surely AS least_alive,
           sum(count(*) FILTER (NOT soon)) OVER above - count(*) FILTER (NOT soon) + may_leave AS most_alive
    FROM (SELECT run, sure, unnest([true, false]) AS soon, unnest([soonest, latest]) AS seconds, unnest([over_soon, over_late]) AS over FROM waits)
    GROUP BY run, seconds
    WINDOW above AS (PARTITION BY run ORDER BY seconds DESC ROWS UNBOUNDED PRECEDING)
), factors AS (
    -- What those who are cut off put on those who stay, as in survival_curve.
    SELECT *, CASE WHEN most_alive > leave_surely THEN most_alive / (most_alive - leave_surely) END AS least_put,
           CASE WHEN may_leave = 0 THEN 1 WHEN least_alive > may_leave THEN least_alive / (least_alive - may_leave) ELSE 'infinity'::DOUBLE END AS most_put
    FROM steps
), curve AS (
    -- The lowest has as few alive of as many as may have ended, and as little put on them; the highest as many of as few, and as much, and
    -- no more than if all that may be cut off were alive for ever.
    SELECT run, seconds,
           CASE WHEN least_put IS NULL THEN least_alive ELSE (least_alive - leave_surely) * least_put END * coalesce(product(least_put) OVER before, 1)
           / (least_alive - leave_surely + sum(may_end) OVER upto) AS least,
           least(most_alive * coalesce(product(most_put) OVER before, 1) / (most_alive + sum(end_surely) OVER upto - sure_may_leave),
                 (most_alive - may_leave + sum(may_leave) OVER upto)
                 / (most_alive - may_leave + sum(may_leave + end_surely - sure_may_leave) OVER upto)) AS most
    FROM factors
    WINDOW upto AS (PARTITION BY run ORDER BY seconds ROWS UNBOUNDED PRECEDING),
           before AS (PARTITION BY run ORDER BY seconds ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), quantiles AS (
    SELECT c.run, 'next_use_' || q.stat AS stat, least(min(c.seconds) FILTER (c.least <= 1 - q.share + 1e-12), any_value(l.longest)) AS lo,
           min(c.seconds) FILTER (c.most <= 1 - q.share + 1e-12) AS hi
    FROM curve c
    JOIN (SELECT run, max(lo) AS longest FROM observations GROUP BY run) l USING (run)
    CROSS JOIN (VALUES ('p50', 0.5), ('p95', 0.95)) q(stat, share)
    GROUP BY ALL
), known AS (
    -- What is held and not known, or not seen, may all be idle, or all be new.
    SELECT r.run, r.sees_credentials AS seen, r.sees_every_credential AND coalesce(v.credentials, 0) + coalesce(u.credentials, 0) = 0 AS whole,
           (coalesce(v.credentials, 0) + coalesce(u.credentials, 0))::BIGINT AS unknowns
    FROM run r
    LEFT JOIN (SELECT run, max(credentials) AS credentials FROM unknown_validity GROUP BY run) v USING (run)
    LEFT JOIN unscoped u USING (run)
), doubtful AS (
    SELECT u.run, count(*) AS calls FROM by_identity u JOIN run r USING (run) WHERE NOT u.sure AND u.time >= r.t0 AND u.time < r.t1 GROUP BY u.run
), open_ended AS (
    SELECT run, count(*) FILTER (hi IS NULL) AS uses FROM observations GROUP BY run
), valued AS (
    SELECT r.run, 'idle_for_' || l.name AS stat,
           CASE WHEN w.seen AND w.whole AND r.sees_every_event AND r.sees_touch THEN 100 * coalesce(b.idle, 0) / b.may_be_whole WHEN w.seen THEN 0 END AS lo,
           CASE WHEN w.seen AND w.whole THEN CASE WHEN b.may_be_whole > 0 THEN least(100, coalesce(100 * b.may_be_idle / b.whole, 100)) END
                WHEN w.seen THEN 100 END AS hi,
           w.unknowns + coalesce(b.untold, 0) AS unknowns
    FROM run r CROSS JOIN limits l JOIN known w USING (run)
    LEFT JOIN bounded b ON b.run = r.run AND b.name = l.name
    UNION ALL
    SELECT r.run, 'next_use_' || s.name, CASE WHEN r.sees_credentials AND r.sees_every_event AND r.sees_touch THEN q.lo END,
           CASE WHEN r.sees_credentials AND r.sees_every_event AND r.sees_touch THEN q.hi END,
           coalesce(o.uses, 0) + coalesce(d.calls, 0)
    FROM run r CROSS JOIN (SELECT unnest(['p50', 'p95']) AS name) s
    LEFT JOIN quantiles q ON q.run = r.run AND q.stat = 'next_use_' || s.name
    LEFT JOIN open_ended o ON o.run = r.run
    LEFT JOIN doubtful d ON d.run = r.run
)
SELECT run, stat, lo, hi, unknowns FROM valued ORDER BY run, stat
