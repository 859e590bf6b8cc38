-- title: Approvals at the peak
-- question: In the hour of the day in which most is asked of the desk, how long does one wait, how much is really looked at, and how many people would it take?
-- unit: requests per hour | requests; minutes | wait_p95; percent of answers | inspected_percent; people at work at once | load; people | staff_needed
-- grain: run, stat
-- unfinished: requests of the window count; one that nobody has begun to look at by its end has waited so long at least, and a quantile that falls on such a one has no hi
-- assumes: the desk and its tickets, not owners nor people on call
-- assumes: the hour of the day (UTC) with the most requests, averaged over the days of the window, the earliest of equals: picked by the same requests that it is then described by, so that of few days it is in part the hour in which most came by chance, and requests, waits, load and staff are too high for that hour of other days (of two an hour all day long a single day shows five in its greatest hour, seven days show three). wait_p95: from request to the beginning of inspection, or to giving up
-- assumes: inspected_percent: of what humans answered of these, really looked at, which only the truth tells
-- assumes: load: requests per hour times mean inspection, so many people are busy at once on average
-- assumes: staff_needed: the fewest for whom at most late_percent of requests would wait longer than wait_minutes if that hour went on (Erlang's C formula: Poisson arrivals, exponential inspections, nobody gives up, first come first served)
-- assumes: inspections that vary more than that take more people. How many it takes where nobody answered in the window nobody knows
-- parameter: wait_minutes = 15 in [0, 525600] | longest wait that is accepted
-- parameter: late_percent = 5 in [0, 100] | percent of requests that may wait longer
-- pool: observations | limits
-- source: A. K. Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges, 1917; waiting time of M/M/c
WITH RECURSIVE asked AS (
    SELECT e.run, e.action, e.time, extract(hour FROM e.time) AS hour, row_number() OVER (PARTITION BY e.run, e.time ORDER BY e.id) AS nth
    FROM bare_event e JOIN run r USING (run)
    WHERE e.kind = 'request_approval' AND e.time >= r.t0 AND e.time < r.t1 AND (e.asked IN ('desk', 'ticket') OR e.asked IS NULL)
), replies AS (
    SELECT d.run, d.requested, d.began, d.decided, d.kind, d.inspected, row_number() OVER (PARTITION BY d.run, d.requested ORDER BY d.decided) AS nth
    FROM approval d WHERE d.kind IN ('human', 'timeout') AND (d.asked IN ('desk', 'ticket') OR d.asked IS NULL)
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
    SELECT k.run, w.decided IS NULL AND w.began IS NULL AS open, w.kind, w.inspected,
           epoch_us(coalesce(w.began, w.decided, r.t1)) - epoch_us(k.time) AS us
    FROM asked k JOIN peak p USING (run, hour) JOIN run r USING (run)
    LEFT JOIN replies w ON w.run = k.run AND w.requested = k.time AND w.nth = k.nth
), observations AS (
    SELECT run, us / 60e6 AS lo, CASE WHEN NOT open THEN us / 60e6 END AS hi FROM waits
), waited AS (
    SELECT run, quantile_disc(us, 0.95) / 60e6 AS least, quantile_disc(CASE WHEN open THEN 'infinity'::DOUBLE ELSE us END, 0.95) / 60e6 AS most,
           100.0 * count(*) FILTER (inspected AND kind = 'human') / nullif(count(inspected) FILTER (kind = 'human'), 0) AS inspected
    FROM waits GROUP BY run
), served AS (
    SELECT p.run, p.requests, CASE WHEN p.requests = 0 THEN 0 ELSE p.requests * avg(epoch_us(w.decided) - epoch_us(w.began)) / 3.6e9 END AS load,
           avg(epoch_us(w.decided) - epoch_us(w.began)) / 60e6 AS minutes
    FROM peak p JOIN run r USING (run)
    LEFT JOIN replies w ON w.run = p.run AND w.kind = 'human' AND w.decided >= r.t0 AND w.decided < r.t1 AND w.began <= w.decided
    GROUP BY p.run, p.requests
), staffed AS (
    -- Erlang's B by its recursion, from nobody upwards, until few enough wait long; so many more than are busy that it must be never.
    SELECT run, load, minutes, 0::BIGINT AS people, 1.0::DOUBLE AS blocked, load = 0 AS enough FROM served WHERE load < 100_000
    UNION ALL
    SELECT run, load, minutes, people + 1, b, people + 1 > load AND
           (people + 1) * b / (people + 1 - load * (1 - b)) * exp(-(people + 1 - load) * $wait_minutes / minutes) <= $late_percent / 100
    FROM (SELECT *, load * blocked / (people + 1 + load * blocked) AS b FROM staffed WHERE NOT enough AND people < 2 * load + 1000)
), needed AS (
    SELECT run, min(people) AS people FROM staffed WHERE enough GROUP BY run
), valued AS (
    SELECT r.run, g.stat, r.sees_approvals AND r.sees_every_event AND (g.stat <> 'inspected_percent' OR w.inspected IS NOT NULL OR s.requests = 0)
           AND (g.stat NOT IN ('load', 'staff_needed') OR s.load IS NOT NULL) AS seen,
           CASE g.stat WHEN 'requests' THEN s.requests WHEN 'wait_p95' THEN w.least WHEN 'inspected_percent' THEN w.inspected
                       WHEN 'load' THEN s.load ELSE n.people END AS lo,
           CASE g.stat WHEN 'wait_p95' THEN w.most ELSE lo END AS hi
    FROM run r
    CROSS JOIN (SELECT unnest(['requests', 'wait_p95', 'inspected_percent', 'load', 'staff_needed']) AS stat) g
    LEFT JOIN served s USING (run)
    LEFT JOIN waited w USING (run)
    LEFT JOIN needed n USING (run)
)
SELECT run, stat, CASE WHEN seen AND isfinite(lo) THEN lo END AS lo, CASE WHEN seen AND isfinite(hi) THEN hi END AS hi,
       CASE WHEN seen THEN 0 ELSE 1 END AS unknowns
FROM valued ORDER BY run, stat
