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
-- whether they were let in: of these at least those count of which it may not be so, and at most those of which it may.
CREATE TEMP MACRO least_percent(is_so, doubtful) AS
coalesce(100.0 * count(*) FILTER (is_so AND NOT doubtful) / nullif(count(*) FILTER (is_so IS NOT TRUE OR NOT doubtful), 0), 100);
CREATE TEMP MACRO most_percent(is_so, doubtful) AS
coalesce(100.0 * count(*) FILTER (is_so IS NOT FALSE) / nullif(count(*) FILTER (is_so IS NOT FALSE OR NOT doubtful), 0), 0);

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

-- What happened, without what was touched and what it was for: to tell that of simulated calls takes a look at each action.
CREATE TEMP VIEW bare_event AS SELECT * EXCLUDE (operation, atom, resource, args, intent) FROM event;

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

-- What people were asked in the window, and each time it went on to the next: for how long it waited from then until somebody began to
-- look at it, or nobody did in time (`kind`, `inspected`: of the answer). One that nobody has begun with by the window's end has no most.
-- The answer is the next to its action: to a request one to it or to a later one, for one before may have come at that instant.
-- Where a log does not tell when they began to look, it may be any time before the answer; where it does not tell to which action either
-- of them is, any answer may have come sooner.
CREATE TEMP VIEW request_wait AS
WITH answer AS (
    SELECT run, word, action, moment, min(decided) AS decided, arg_min(row(began, kind, inspected), row(decided, id)) AS first
    FROM (SELECT *, unnest(['request_approval', 'escalate']) AS word, unnest([requested, decided]) AS moment FROM approval WHERE action IS NOT NULL)
    GROUP BY run, word, action, moment
), unmatched AS (
    SELECT run, true AS named, decided FROM approval WHERE action IS NULL
    UNION ALL
    SELECT run, false, decided FROM approval
), answered AS (
    SELECT q.run, q.word, q.task, q.asked, q.time, q.t1, q.action IS NOT NULL AS named,
           a.decided, a.first[1] AS began, a.first[2] AS kind, a.first[3] AS inspected
    FROM (SELECT e.run, e.kind::VARCHAR AS word, e.action, e.task, e.asked, e.time, r.t1
          FROM bare_event e JOIN run r USING (run)
          WHERE e.kind IN ('request_approval', 'escalate') AND e.time >= r.t0 AND e.time < r.t1) q
    ASOF LEFT JOIN answer a ON a.run = q.run AND a.word = q.word AND a.action = q.action AND a.moment >= q.time
), told AS (
    SELECT q.*, coalesce(u.decided <= q.decided, u.decided IS NOT NULL) AS sooner
    FROM answered q ASOF LEFT JOIN unmatched u ON u.run = q.run AND u.named = q.named AND u.decided >= q.time
)
SELECT run, word, task, asked, time, kind, inspected, sooner OR coalesce(kind = 'human' AND began IS NULL, false) AS unclear,
       CASE WHEN unclear THEN 0 ELSE exposed_us(time, coalesce(began, decided, t1), time, 'infinity') END AS least_us,
       exposed_us(time, coalesce(began, decided), time, 'infinity') AS most_us
FROM told;

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
