-- How much is in reach: the value of it from one change to the next, and for how long it is how much.
-- parameter: found_median_hours = 24 in [0, 876600] | hours from a call until somebody reads the log that it is in, the median, unless scenario.leaks.found_median_s says it
-- parameter: found_sigma = 1.5 in [0, 10] | spread of the logarithm of that time, unless scenario.leaks.found_sigma says it

-- When each group is in reach of a place at which of its levels (`layer`), without overlaps, and how much that level adds (`step`).
-- What was left in a log first is in reach first, however long it takes until that is read, so that what was left later adds only
-- what outlasts it.
CREATE TEMP MACRO layers_of(reach) AS TABLE
WITH spans AS (
    -- Many rows are sorted here: what names their lane is narrow.
    SELECT r.threat::ENUM('t1a', 't1b', 'control', 't3', 't4', 't5', 't5_bootstrap', 'copied') AS threat, r.cell, r.parts, r.run, r.place,
           r.bound::ENUM('lo', 'hi', 'exact') AS bound, r.seen, l.layer, l.step, greatest(r.starts, r.t0) AS starts, r.ends
    FROM query_table(reach) r JOIN layer l ON l.run = r.run AND l.resource_group = r.resource_group AND l.weight <= r.weight
    WHERE r.starts < r.ends
), marked AS (
    SELECT *, max(ends) OVER (PARTITION BY threat, cell, place, bound, layer ORDER BY coalesce(seen, starts), ends
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
    FROM spans
)
SELECT * EXCLUDE (covered) REPLACE (greatest(starts, coalesce(covered, starts)) AS starts, CASE threat WHEN 't3' THEN 0 ELSE cell END AS cell)
FROM marked WHERE ends > coalesce(covered, starts);

-- What comes into reach and goes out of it again. What one credential opens mostly begins and ends together.
CREATE TEMP MACRO steps_of(layers) AS TABLE
SELECT * EXCLUDE (starts, ends) REPLACE (unnest([step, -step]) AS step), unnest([starts, ends]) AS time
FROM (SELECT threat, cell, parts, run, place, bound, seen, starts, ends, sum(step) AS step FROM query_table(layers) GROUP BY ALL);

-- The value in reach of each place from one change to the next, since the first; of what calls have left in a log, of all that
-- was seen at one instant. Each group counts once, at its highest level: level by level without overlaps, as much as that level adds.
CREATE TEMP MACRO value_of(steps) AS TABLE
WITH change AS (
    SELECT threat, cell, parts, run, place, bound, seen, time, sum(step) AS step FROM query_table(steps) GROUP BY ALL HAVING sum(step) <> 0
)
SELECT threat, cell, parts, run, place, bound, seen, time AS starts, lead(time) OVER since AS ends, sum(step) OVER since AS value
FROM change WINDOW since AS (PARTITION BY threat, cell, parts, run, place, bound, seen ORDER BY time);

-- One after the other, because each takes much memory.
CREATE TEMP VIEW layers_in_reach AS FROM layers_of('in_reach');
CREATE TEMP VIEW steps_in_reach AS FROM steps_of('layers_in_reach');
CREATE TEMP TABLE radius AS FROM value_of('steps_in_reach');

CREATE TEMP VIEW layers_in_transit AS FROM layers_of('in_transit');
CREATE TEMP VIEW steps_in_transit AS FROM steps_of('layers_in_transit');
CREATE TEMP TABLE radius_in_transit AS FROM value_of('steps_in_transit');

-- At a verifier that looks at audiences a copy opens what it opens at any other (cell -1), but for the groups that something opens
-- there alone: of those it takes away what is in reach anywhere, and puts what both open. So what is the same at all verifiers is
-- sorted once.
CREATE TEMP TABLE layers_by_copy AS FROM layers_of('by_copy');
CREATE TEMP VIEW layers_elsewhere AS
SELECT l.* REPLACE (a.verifier AS cell)
FROM layers_by_copy l
JOIN layer g USING (layer)
JOIN audience_group a ON a.run = l.run AND a.bound = l.bound AND a.place IS NOT DISTINCT FROM l.place AND a.resource_group = g.resource_group
WHERE l.cell = -1;
CREATE TEMP VIEW steps_by_copy AS
WITH steps AS (
    FROM steps_of('layers_by_copy')
), checking AS (
    SELECT DISTINCT run, bound, place, verifier FROM audience_group
), checks AS (
    SELECT run, bound, place, count(*) AS verifiers FROM checking GROUP BY run, bound, place
)
SELECT s.* REPLACE (v.number - coalesce(c.verifiers, 0) AS parts)
FROM steps s
JOIN verifiers v USING (run)
LEFT JOIN checks c ON c.run = s.run AND c.bound = s.bound AND c.place IS NOT DISTINCT FROM s.place
WHERE s.cell = -1
UNION ALL
SELECT s.* REPLACE (c.verifier AS cell)
FROM steps s JOIN checking c ON c.run = s.run AND c.bound = s.bound AND c.place IS NOT DISTINCT FROM s.place
WHERE s.cell = -1
UNION ALL
SELECT * REPLACE (-step AS step) FROM steps_of('layers_elsewhere')
UNION ALL
FROM steps WHERE cell <> -1;
CREATE TEMP TABLE radius_by_copy AS FROM value_of('steps_by_copy');

-- Of what lies in logs several parts, seen at several instants, may be in reach at once: between any two changes at a place,
-- what was seen first is in reach for all delays that are no longer than the time since, and each that was seen later adds to
-- that for the shorter ones. So each sum of values is in reach as long as the next is not.
CREATE TEMP VIEW in_logs AS
WITH lying AS (
    FROM radius WHERE threat = 't3' AND value > 0
), numbered AS (
    SELECT run, bound, place, seen, starts, value, time,
           dense_rank() OVER (PARTITION BY run, bound, place ORDER BY time) AS number
    FROM (SELECT *, unnest([starts, ends]) AS time FROM lying)
), stretch AS (
    SELECT run, bound, place, seen, value, unnest(range(min(number), max(number))) AS number
    FROM numbered GROUP BY run, bound, place, seen, starts, value
), instant AS (
    SELECT run, bound, place, number, time, lead(time) OVER (PARTITION BY run, bound, place ORDER BY number) AS following
    FROM (SELECT DISTINCT run, bound, place, number, time FROM numbered)
)
SELECT s.run, s.bound, i.time AS starts, i.following AS ends, s.seen, lead(s.seen) OVER sooner AS seen_next, sum(s.value) OVER sooner AS value
FROM stretch s JOIN instant i ON i.run = s.run AND i.bound = s.bound AND i.place IS NOT DISTINCT FROM s.place AND i.number = s.number
WINDOW sooner AS (PARTITION BY s.run, s.bound, s.place, s.number ORDER BY s.seen);

-- For how long, in parts times microseconds of so many parts in all (`of`), summed over places, how much is in reach. `t2` is that
-- of `t1c` and what an issuer would grant; `hops_1` to `hops_3` are what of it is within so many hops.
CREATE TEMP TABLE reach_law AS
WITH question AS (
    SELECT unnest(['hops_1', 'hops_2', 'hops_3', 't2', 't1c']) AS threat, unnest([1, 2, 4, 8, 16]) AS question
)
SELECT r.run, r.bound, r.threat, CASE r.threat WHEN 't1a' THEN v.number ELSE 1 END AS of, r.value,
       sum(r.parts * (epoch_us(r.ends) - epoch_us(r.starts))::HUGEINT) AS mass
FROM (FROM radius UNION ALL FROM radius_by_copy) r JOIN verifiers v USING (run)
WHERE r.threat IN ('t1a', 't1b', 't4', 't5', 't5_bootstrap') AND r.value > 0 GROUP BY ALL
UNION ALL
SELECT r.run, r.bound, q.threat, 1, r.value, sum((epoch_us(r.ends) - epoch_us(r.starts))::HUGEINT)
FROM radius r JOIN question q ON r.cell & q.question <> 0
WHERE r.threat = 'control' AND r.value > 0 GROUP BY ALL;

-- The same of what lies in logs.
CREATE TEMP TABLE log_law AS
WITH waiting AS (
    -- The time until somebody reads the log.
    SELECT run, 1e6 * coalesce((scenario ->> '$.leaks.found_median_s')::DOUBLE, getvariable('found_median_hours') * 3600) AS median_us,
           abs(coalesce((scenario ->> '$.leaks.found_sigma')::DOUBLE, getvariable('found_sigma'))) AS sigma
    FROM run
), passed AS (
    -- Of all delays those of so many cells and fewer: how many parts they are, and how long they are together. None is longer
    -- than a century.
    SELECT run, cell, sum(parts) OVER sooner AS parts, sum(parts * delay::HUGEINT) OVER sooner AS delays
    FROM (SELECT w.run, c.cell, c.parts, least(w.median_us * exp(c.cell / 8 * w.sigma), 3.15576e15)::BIGINT AS delay
          FROM waiting w CROSS JOIN normal_cell c)
    WINDOW sooner AS (PARTITION BY run ORDER BY cell ROWS UNBOUNDED PRECEDING)
), waited AS (
    -- Between two instants a value is in reach for as long as the time since it was seen is longer than a delay.
    SELECT run, bound, value, unnest([1, -1, -1, 1]) AS sign,
           unnest([epoch_us(ends) - epoch_us(seen), epoch_us(starts) - epoch_us(seen),
                   epoch_us(ends) - epoch_us(seen_next), epoch_us(starts) - epoch_us(seen_next)]) AS us
    FROM in_logs
), lasted AS (
    SELECT d.run, d.bound, d.value, sum(d.sign * (p.parts * d.us::HUGEINT - p.delays)) AS mass
    FROM waited d JOIN waiting w USING (run)
    JOIN passed p ON p.run = d.run AND p.cell = CASE WHEN d.us >= 3.15576e15 THEN 40
                                                     WHEN w.sigma = 0 THEN CASE WHEN d.us >= w.median_us THEN 40 END
                                                     ELSE least(40, floor(8 * ln(d.us / w.median_us) / w.sigma)) END
    WHERE d.us > 0 GROUP BY d.run, d.bound, d.value
)
SELECT run, bound, 't3' AS threat, 1000000000000 AS of, value, mass FROM lasted;

CREATE TEMP VIEW threat_law AS FROM reach_law UNION ALL FROM log_law;
