-- title: Approvals at the peak
-- question: In the hour of the day in which most is asked of the desk, how long does one wait, how much is really looked at, and how many people would it take?
-- unit: requests per hour | requests; minutes | wait_p95; percent of answers | inspected_percent; people at work at once | load; people | staff_needed
-- grain: run, stat
-- unfinished: requests of the window count; one that nobody has begun to look at by its end has waited so long at least, and a quantile that falls on such a one has no hi; on a log one without an answer may have been begun with at once, or not. What is not answered by the end is in no mean of inspections
-- assumes: the desk and its tickets, not owners nor people on call, but what is not taken up there and goes on to the desk counts from then. What a log does not say whom it was asked of is taken for the desk's
-- assumes: what a log does not tell of inspections and of what they answer is open as in approvals
-- assumes: the hour of the day (UTC) with the most requests, averaged over the days of the window, the earliest of equals: picked by the same requests that it is then described by, so that of few days it is in part the hour in which most came by chance, and requests, waits, load and staff are too high for that hour of other days (of two an hour all day long a single day shows five in its greatest hour, seven days show three). wait_p95: from request to the beginning of inspection, or to giving up
-- assumes: inspected_percent: of what humans answered of these, really looked at, which only the truth tells
-- assumes: load: requests per hour times mean inspection of what was answered in the window, so many people are busy at once on average
-- assumes: staff_needed: the fewest for whom at most late_percent of requests would wait longer than wait_minutes if that hour went on (Erlang's C formula: Poisson arrivals, exponential inspections, nobody gives up, first come first served)
-- assumes: inspections that vary more than that take more people. How many it takes where nobody answered in the window nobody knows
-- parameter: wait_minutes = 15 in [0, 525600] | longest wait that is accepted
-- parameter: late_percent = 5 in [0, 100] | percent of requests that may wait longer
-- pool: observations | limits
-- source: A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges, 1917; waiting time of M/M/c
WITH RECURSIVE asked AS (
    SELECT *, extract(hour FROM time) AS hour FROM request_wait
    WHERE inside AND of_desk(asked) IS NOT FALSE
), clock AS (
    SELECT run, unnest(generate_series(date_trunc('hour', t0), t1 - INTERVAL 1 microsecond, INTERVAL 1 hour)) AS starts FROM run
), hours AS (
    SELECT c.run, extract(hour FROM c.starts) AS hour, sum(exposed_us(c.starts, c.starts + INTERVAL 1 hour, r.t0, r.t1)) / 3.6e9 AS present
    FROM clock c JOIN run r USING (run) GROUP BY ALL
), peak AS (
    SELECT h.run, arg_max(h.hour, row(coalesce(a.requests, 0) / h.present, -h.hour)) AS hour, max(coalesce(a.requests, 0) / h.present) AS requests
    FROM hours h LEFT JOIN (SELECT run, hour, count(*) AS requests FROM asked GROUP BY run, hour) a USING (run, hour)
    GROUP BY h.run
), waits AS (
    FROM asked SEMI JOIN peak USING (run, hour)
), observations AS (
    SELECT run, least_us / 60e6 AS lo, most_us / 60e6 AS hi FROM waits
), told AS (
    SELECT run, count(*) FILTER (unclear) AS unclear, quantile_disc(least_us, 0.95) / 60e6 AS least,
           quantile_disc(coalesce(most_us, 'infinity'::DOUBLE), 0.95) / 60e6 AS most,
           100.0 * count(*) FILTER (inspected AND kind = 'human') / nullif(count(inspected) FILTER (kind = 'human'), 0) AS inspected
    FROM waits GROUP BY run
), inspections AS (
    -- One of which nobody knows when it began took no longer than since it was asked for.
    SELECT run, count(*) FILTER (began IS NULL) AS unclear, avg(epoch_us(decided) - epoch_us(coalesce(began, decided))) AS least,
           avg(coalesce(epoch_us(decided) - epoch_us(coalesce(began, requested)), 'infinity'::DOUBLE)) AS most
    FROM approval JOIN run r USING (run)
    WHERE approval.kind = 'human' AND of_desk(asked) IS NOT FALSE AND decided >= r.t0 AND decided < r.t1
    GROUP BY run
), served AS (
    SELECT run, requests, unclear, bound, CASE WHEN requests = 0 THEN 0 ELSE requests * us / 3.6e9 END AS load, us / 60e6 AS minutes
    FROM (SELECT p.run, p.requests, i.unclear, unnest(['lo', 'hi']) AS bound, unnest([i.least, i.most]) AS us FROM peak p LEFT JOIN inspections i USING (run))
), staffed AS (
    -- Erlang's B by its recursion, from nobody upwards, until few enough wait long; so many more than are busy that it must be never.
    SELECT run, bound, load, minutes, 0::BIGINT AS people, 1.0::DOUBLE AS blocked, load = 0 AS enough FROM served WHERE load < 100_000
    UNION ALL
    SELECT run, bound, load, minutes, people + 1, b, people + 1 > load AND
           (people + 1) * b / (people + 1 - load * (1 - b)) * exp(-(people + 1 - load) * $wait_minutes / minutes) <= $late_percent / 100
    FROM (SELECT *, load * blocked / (people + 1 + load * blocked) AS b FROM staffed WHERE NOT enough AND people < 2 * load + 1000)
), needed AS (
    SELECT run, bound, min(people) AS people FROM staffed WHERE enough GROUP BY run, bound
), desk AS (
    SELECT run, any_value(requests) AS requests, any_value(coalesce(unclear, (requests > 0)::INTEGER)) AS unclear,
           proven(load, bound) AS load_least, at_most(load, bound) AS load_most, proven(people, bound) AS least, at_most(people, bound) AS most
    FROM served LEFT JOIN needed USING (run, bound) GROUP BY run
), valued AS (
    SELECT r.run, r.sees_approvals AND r.sees_every_event AS seen,
           unnest(['requests', 'wait_p95', 'inspected_percent', 'load', 'staff_needed']) AS stat,
           unnest([s.requests, w.least, w.inspected, s.load_least, s.least]) AS lo,
           unnest([s.requests, w.most, w.inspected, s.load_most, s.most]) AS hi,
           unnest([0, w.unclear, (w.inspected IS NULL AND s.requests > 0)::INTEGER, s.unclear, s.unclear]) AS unknowns
    FROM run r
    LEFT JOIN desk s USING (run)
    LEFT JOIN told w USING (run)
)
SELECT run, stat, CASE WHEN seen AND isfinite(lo) THEN lo END AS lo, CASE WHEN seen AND isfinite(hi) THEN hi END AS hi,
       CASE WHEN seen THEN coalesce(unknowns, 0) ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
