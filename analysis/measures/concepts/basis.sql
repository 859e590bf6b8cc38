-- What much else stands on: bounds, shares, who works for whom and for how long.

-- A quantity is worked out once a bound: its lower end is what is proven, its upper end what is possible at most.
CREATE TEMP MACRO proven(value, bound) AS max(value) FILTER (bound <> 'hi');
CREATE TEMP MACRO at_most(value, bound) AS max(value) FILTER (bound <> 'lo');

-- Which evidence this is: the truth, or a log.
CREATE TEMP MACRO on_truth() AS EXISTS (FROM bounds WHERE bound = 'exact');

-- What is the same in every bound is worked out once, and is 'exact'. `counts_for` tells for which bounds a row counts that was
-- worked out so; `worked_out_in` in which bounds one has to be that is 'exact', or certain to be there but `vague` in its times.
CREATE TEMP TABLE counts_for AS
SELECT 'exact' AS known, bound FROM bounds UNION ALL SELECT unnest(['lo', 'hi']) AS known, known AS bound;
CREATE TEMP TABLE worked_out_in AS
SELECT 'vague' AS known, bound FROM bounds UNION ALL SELECT unnest(['exact', 'lo', 'hi']) AS known, known AS bound;

-- A bound as one of three: where many rows are sorted or grouped, words take two or three times as long.
CREATE TEMP MACRO narrow(bound) AS bound::ENUM('exact', 'lo', 'hi');

-- How many percent of a whole a part is, rounding apart; of a whole that is worth nothing there is none.
CREATE TEMP MACRO percent_of(part, whole) AS CASE WHEN whole > 0 AND part IS NOT NULL THEN least(100.0 * part / whole, 100) END;

-- The least and the most percent of calls that something is so of, if of some nobody knows whether it is (NULL), and of some (`doubtful`)
-- whether they were let in: of these at least those count of which it may not be so, and at most those of which it may. Of rows that tell
-- of several calls each, and of calls.
CREATE TEMP MACRO least_percent_of(calls, is_so, doubtful) AS
coalesce(100.0 * coalesce(sum(calls) FILTER (is_so AND NOT doubtful), 0) / nullif(sum(calls) FILTER (is_so IS NOT TRUE OR NOT doubtful), 0), 100);
CREATE TEMP MACRO most_percent_of(calls, is_so, doubtful) AS
coalesce(100.0 * coalesce(sum(calls) FILTER (is_so IS NOT FALSE), 0) / nullif(sum(calls) FILTER (is_so IS NOT FALSE OR NOT doubtful), 0), 0);
CREATE TEMP MACRO least_percent(is_so, doubtful) AS least_percent_of(1, is_so, doubtful);
CREATE TEMP MACRO most_percent(is_so, doubtful) AS most_percent_of(1, is_so, doubtful);

-- Whether something is so, whichever of several it was: NULL where it is so of some of them only, or nobody knows.
CREATE TEMP MACRO whichever(is_so) AS CASE WHEN bool_and(coalesce(is_so, false)) THEN true WHEN NOT bool_or(coalesce(is_so, true)) THEN false END;

-- Whether an atom is a crown jewel: what changes the most sensitive.
CREATE TEMP MACRO is_jewel(tier, level) AS tier = 3 AND level IN ('write', 'permissions');

-- Whether a kind of credential is a key that stands until somebody ends it.
CREATE TEMP MACRO is_standing_key(kind) AS kind IN ('static_key', 'access_key');

-- Permission-hours of microseconds that are weighted: weights are in millionths.
CREATE TEMP MACRO permission_hours(weighted) AS weighted / 1e6 / 3.6e9;

-- Whether there are several different ones; to count them all would take memory for each.
CREATE TEMP MACRO several(value) AS coalesce(min(value) < max(value), false);

-- Whether a run's work was rebuilt from a real log, which shows nothing of the organisation: who answers for whom, who has left, what each
-- was given, what a task is for, reviews, an inventory. A replay has none of them, because nobody knows them.
CREATE TEMP MACRO is_rebuilt(scenario) AS scenario ->> '$.rebuilt' IS NOT NULL;

-- How many calls there are on a log of which nobody knows whether they were let in.
CREATE TEMP VIEW doubtful_calls AS
SELECT run, count(*) AS calls FROM bare_event
WHERE kind = 'use' AND decision IS NULL AND NOT on_truth() GROUP BY run;

-- How many calls were let in that do not say who made them.
CREATE TEMP VIEW unnamed_calls AS
SELECT run, count(*) AS calls FROM bare_event
WHERE kind = 'use' AND decision = 'allow' AND principal IS NULL GROUP BY run;

-- Whether the desk is asked, be it by ticket; NULL where nobody knows who is.
CREATE TEMP MACRO of_desk(asked) AS asked IN ('desk', 'ticket');

-- What people were asked, in the window (`inside`) or before, and each time it went on to the next: for how long it waited from then until
-- somebody began with the inspection that its first answer came of, or nobody did in time (`kind`, `inspected`: of the answer). Of answers to
-- its action any may be the first to it that may be to one asked then. Where a log does not tell when an inspection began, it may be any time
-- before the answer; an answer that does not tell to which action it is may have come sooner. One that has no answer may be inspected when
-- a log ends, since any time; on the truth nobody has begun with it, and it has waited so long at least.
CREATE TEMP VIEW request_wait AS
WITH question AS (
    SELECT e.run, e.id, e.kind::VARCHAR AS word, e.action, e.task, e.asked, e.time, r.t1, e.time >= r.t0 AS inside
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind IN ('request_approval', 'escalate') AND e.time < r.t1
), answered AS (
    SELECT q.run, q.id, max(d.decided) AS upto, bool_or(d.settles) AS settled,
           arg_min(d.kind, d.decided) AS kind, arg_min(d.inspected, d.decided) AS inspected,
           min(exposed_us(q.time, CASE WHEN d.began IS NULL AND d.kind = 'human' THEN q.time ELSE coalesce(d.began, d.decided) END, q.time, 'infinity')) AS least_us,
           max(exposed_us(q.time, coalesce(d.began, d.decided), q.time, 'infinity')) AS most_us
    FROM question q
    JOIN approval d ON d.run = q.run AND d.action = q.action AND d.requested <= q.time AND d.requested_hi IS NOT NULL
                   AND q.time <= CASE q.word WHEN 'escalate' THEN coalesce(d.decided, 'infinity') ELSE d.requested_hi END
    GROUP BY q.run, q.id
), unmatched AS (
    SELECT run, decided FROM approval WHERE action IS NULL
), bounded AS (
    SELECT q.*, a.kind, a.inspected, u.decided >= q.time IS TRUE AS sooner,
           CASE WHEN a.settled AND NOT sooner THEN a.least_us WHEN on_truth() THEN epoch_us(q.t1) - epoch_us(q.time) ELSE 0 END AS least_us,
           CASE WHEN a.settled THEN greatest(a.most_us, CASE WHEN sooner THEN epoch_us(u.decided) - epoch_us(q.time) END) END AS most_us
    FROM question q
    LEFT JOIN answered a USING (run, id)
    ASOF LEFT JOIN unmatched u ON u.run = q.run AND u.decided <= coalesce(a.upto, q.time)
)
SELECT run, word, task, asked, time, t1, inside, kind, inspected, least_us, most_us, coalesce(least_us < most_us, NOT on_truth()) AS unclear
FROM bounded;

-- Root tasks offered in the window, and for how long each can be followed. What was spawned has never arrived.
CREATE TEMP VIEW offered AS
SELECT t.run, t.id AS task, t.outcome, epoch_us(r.t1) - epoch_us(t.arrival) AS left_us, epoch_us(r.t1) - epoch_us(r.t0) AS window_us
FROM task t JOIN run r USING (run)
WHERE t.arrival >= r.t0 AND t.arrival < r.t1;

-- For how long a task is followed: so many hours, or a quarter of the window where that is less.
CREATE TEMP MACRO followed_us(hours, window_us) AS least(hours * 3.6e9, window_us / 4)::BIGINT;

-- Agents that were abandoned by the window's end: nobody works as them, so their access is nobody's to measure beside
-- work. What they left behind is debt.
CREATE TEMP VIEW gone AS
SELECT p.run, p.id AS principal, p.active_to AS since
FROM principal p JOIN run r USING (run)
WHERE p.kind = 'agent' AND p.active_to < r.t1;

-- When approvers are at work on the days of a span (`t0` to `t1`) of each run, as its scenario says.
CREATE TEMP MACRO opening_hours(spans) AS TABLE
SELECT d.run, d.day + to_hours((r.scenario ->> '$.approvers.opens')::INTEGER) AS opens,
       d.day + to_hours((r.scenario ->> '$.approvers.closes')::INTEGER) AS closes
FROM (SELECT run, unnest(generate_series(date_trunc('day', t0), t1, INTERVAL 1 day)) AS day FROM query_table(spans)) d
JOIN run r USING (run)
WHERE (r.scenario ->> '$.approvers.weekends')::BOOLEAN OR isodow(d.day) < 6;

-- The mean of the worst (`tail` of all), of values of which each has a mass, and so much is `worse`: as much of the last as is wanting.
-- In the order of values, so that the last digit is the same each time.
CREATE TEMP MACRO mean_of_worst(value, mass, worse, tail) AS list_sum(list(value * greatest(0, least(mass, tail - worse)) / tail ORDER BY value));
